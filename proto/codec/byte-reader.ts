/**
 * Reads what `byte-writer.ts` writes and takes nothing else. What is wrong is remembered and not thrown: from then on
 * every number is 0 and every piece is empty, and whoever reads asks `isBroken` before it allocates or loops by a number.
 */
export interface ByteReader {
  readonly bytes: Uint8Array;
  at: number;
  isBroken: boolean;
}

export function byteReader(bytes: Uint8Array): ByteReader {
  return { bytes, at: 0, isBroken: false };
}

/** @returns 0, and a broken reader, for a number beyond `max`, cut short, or longer than it needs to be */
export function readNumber(reader: ByteReader, max: number): number {
  const { bytes } = reader;
  let { at } = reader;
  const first = bytes[at];
  if (first !== undefined && first < 0x80 && first <= max) {
    reader.at = at + 1;
    return first;
  }
  let value = 0;
  let factor = 1;
  for (let length = 1; length <= NUMBER_BYTES_MAX; length += 1) {
    const byte = bytes[at];
    if (byte === undefined) break;
    at += 1;
    value += (byte & 0x7f) * factor;
    factor *= 0x80;
    if (byte >= 0x80) continue;
    // A last byte of zero adds nothing.
    if (value > max || (byte === 0 && length > 1)) break;
    reader.at = at;
    return value;
  }
  return broken(reader);
}

/** 2^53 - 1 takes eight bytes of seven bits. */
const NUMBER_BYTES_MAX = 8;

/** @param magnitudeMax - largest distance from zero, at most 2^52 - 1 */
export function readSigned(reader: ByteReader, magnitudeMax: number): number {
  const folded = readNumber(reader, 2 * magnitudeMax);
  return folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
}

/** How many numbers there are, and each of them. @param max - of each of them */
export function readNumbers(reader: ByteReader, countMax: number, max: number): readonly number[] {
  const count = readNumber(reader, countMax);
  const values: number[] = [];
  for (let index = 0; index < count && !reader.isBroken; index += 1) values.push(readNumber(reader, max));
  return values;
}

/** A view into the bytes that are read. */
export function readBytes(reader: ByteReader, count: number): Uint8Array {
  const end = reader.at + count;
  if (reader.isBroken || end > reader.bytes.length) {
    broken(reader);
    return NOTHING;
  }
  const piece = reader.bytes.subarray(reader.at, end);
  reader.at = end;
  return piece;
}

const NOTHING = new Uint8Array(0);

/** Marks the reader as broken; it stays where it is. */
export function broken(reader: ByteReader): 0 {
  reader.isBroken = true;
  return 0;
}

/** Everything was read and nothing was wrong. */
export function isAtEnd({ bytes, at, isBroken }: ByteReader): boolean {
  return !isBroken && at === bytes.length;
}
