import { createHash } from 'node:crypto';
import type { Hit, Report } from './hit.ts';

/** Literal byte strings, found by the 32 bits that differ most between them. */
export interface PatternSet {
  readonly exact: PatternTable;
  /** Matched without regard to ASCII case. */
  readonly folded: PatternTable;
}

interface PatternTable {
  readonly byKey: ReadonlyMap<number, readonly Pattern[]>;
  /** Prefilter: one bit for each hash of a key. */
  readonly bits: Uint8Array;
}

interface Pattern {
  readonly kind: Hit['kind'];
  readonly form: string;
  readonly of: number;
  readonly bytes: Uint8Array;
  /** Where in `bytes` the four bytes of the key stand. */
  readonly keyAt: number;
}

/** A VIN shorter than this is no VIN, and would be hit by chance. */
const VIN_CHARACTERS_MIN = 11;
/** This much of a hash or of a tag is found, so a shortened one is too; 64 bits are not hit by chance. */
const PREFIX_BYTES = 8;
const BITMAP_BITS = 22;
const FOLD = 0x2020_2020;

export function patternsOf(vins: readonly string[], tags: readonly Uint8Array[]): PatternSet {
  const exact: Pattern[] = [];
  const folded: Pattern[] = [];
  for (const [of, vin] of vins.entries()) {
    if (vin.length < VIN_CHARACTERS_MIN) throw new Error(`canary VIN number ${of} is too short to search for`);
    folded.push(...vinTexts(vin, of));
    exact.push(...vinHashes(vin, of));
  }
  for (const [of, tag] of tags.entries()) {
    if (tag.length < PREFIX_BYTES) throw new Error(`canary tag number ${of} is too short to search for`);
    exact.push({ kind: 'tag', form: 'raw', of, bytes: tag.slice(0, PREFIX_BYTES), keyAt: 0 });
  }
  return { exact: tableOf(exact), folded: tableOf(folded) };
}

/** Finds VINs, unsalted hashes of VINs (as good as the VIN: the numbers can be enumerated) and subject tags. */
export function scanPatterns(bytes: Uint8Array, { exact, folded }: PatternSet, report: Report): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - 3;
  for (let at = 0; at < end; at++) {
    const key = view.getInt32(at, true);
    if (isMarked(exact.bits, key)) compareAll(bytes, at, exact.byKey.get(key), isSameByte, report);
    const foldedKey = key | FOLD;
    if (isMarked(folded.bits, foldedKey)) compareAll(bytes, at, folded.byKey.get(foldedKey), isSameLetter, report);
  }
}

/** The serial number, last four characters, is what differs within a fleet; the maker's code, first three, does not. */
function vinTexts(vin: string, of: number): readonly Pattern[] {
  const bytes = Buffer.from(vin.toLowerCase(), 'latin1');
  return [
    { kind: 'vin', form: 'text', of, bytes, keyAt: bytes.length - 4 },
    { kind: 'vin', form: 'reversed', of, bytes: Buffer.from(bytes).reverse(), keyAt: 0 },
  ];
}

function vinHashes(vin: string, of: number): readonly Pattern[] {
  return ['sha256', 'sha1', 'md5'].flatMap((form) =>
    [vin, vin.toLowerCase()].map((text) => ({
      kind: 'vin' as const,
      form,
      of,
      bytes: createHash(form).update(text).digest().subarray(0, PREFIX_BYTES),
      keyAt: 0,
    })),
  );
}

function tableOf(patterns: readonly Pattern[]): PatternTable {
  const byKey = new Map<number, Pattern[]>();
  const bits = new Uint8Array(2 ** (BITMAP_BITS - 3));
  for (const pattern of patterns) {
    const key = Buffer.from(pattern.bytes).readInt32LE(pattern.keyAt);
    const sharers = byKey.get(key);
    if (sharers === undefined) byKey.set(key, [pattern]);
    else sharers.push(pattern);
    const bit = hashOf(key);
    bits[bit >>> 3] = (bits[bit >>> 3] ?? 0) | (1 << (bit & 7));
  }
  return { byKey, bits };
}

function hashOf(key: number): number {
  return Math.imul(key, 0x9e37_79b1) >>> (32 - BITMAP_BITS);
}

function isMarked(bits: Uint8Array, key: number): boolean {
  const bit = hashOf(key);
  return ((bits[bit >>> 3] ?? 0) & (1 << (bit & 7))) !== 0;
}

function compareAll(
  bytes: Uint8Array,
  keyOffset: number,
  patterns: readonly Pattern[] | undefined,
  isSame: (byte: number, wanted: number) => boolean,
  report: Report,
): void {
  for (const { kind, form, of, bytes: wanted, keyAt } of patterns ?? []) {
    const start = keyOffset - keyAt;
    if (start < 0 || start + wanted.length > bytes.length) continue;
    if (wanted.every((byte, at) => isSame(bytes[start + at] ?? 0, byte))) report(kind, form, start, of);
  }
}

function isSameByte(byte: number, wanted: number): boolean {
  return byte === wanted;
}

/** `wanted` is lower case. */
function isSameLetter(byte: number, wanted: number): boolean {
  return byte === wanted || (byte >= 0x41 && byte <= 0x5a && (byte | 0x20) === wanted);
}
