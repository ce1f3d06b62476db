/** Bytes that grow as they are written; `writtenBytes` gives them. */
export interface ByteWriter {
  bytes: Uint8Array;
  at: number;
}

const FIRST_BYTES = 4_096;
/** A number of 2^53 - 1 takes eight bytes of seven bits; a double takes eight as well. */
const NUMBER_BYTES_MAX = 8;
const INT32_MAX = 0x7fff_ffff;

export function byteWriter(): ByteWriter {
  return { bytes: new Uint8Array(FIRST_BYTES), at: 0 };
}

/** A whole number from 0 to 2^53 - 1 as a varint of Protocol Buffers: seven bits a byte, the least first. */
export function writeNumber(writer: ByteWriter, value: number): void {
  if (writer.at + NUMBER_BYTES_MAX > writer.bytes.length) reserve(writer, NUMBER_BYTES_MAX);
  const { bytes } = writer;
  let { at } = writer;
  let left = value;
  while (left > INT32_MAX) {
    bytes[at] = (left % 0x80) | 0x80;
    left = Math.floor(left / 0x80);
    at += 1;
  }
  while (left >= 0x80) {
    bytes[at] = (left & 0x7f) | 0x80;
    left >>>= 7;
    at += 1;
  }
  bytes[at] = left;
  writer.at = at + 1;
}

/** A whole number of either sign, within 2^52 of zero: 0, -1, 1, -2, 2 as 0, 1, 2, 3, 4. */
export function writeSigned(writer: ByteWriter, value: number): void {
  writeNumber(writer, value < 0 ? -2 * value - 1 : 2 * value);
}

/** How many numbers there are, and each of them. */
export function writeNumbers(writer: ByteWriter, values: readonly number[]): void {
  writeNumber(writer, values.length);
  for (const value of values) writeNumber(writer, value);
}

export function writeBytes(writer: ByteWriter, bytes: Uint8Array): void {
  reserve(writer, bytes.length);
  writer.bytes.set(bytes, writer.at);
  writer.at += bytes.length;
}

export function writtenBytes({ bytes, at }: ByteWriter): Uint8Array {
  return bytes.subarray(0, at);
}

function reserve(writer: ByteWriter, count: number): void {
  if (writer.at + count <= writer.bytes.length) return;
  const grown = new Uint8Array(Math.max(2 * writer.bytes.length, writer.at + count));
  grown.set(writer.bytes);
  writer.bytes = grown;
}
