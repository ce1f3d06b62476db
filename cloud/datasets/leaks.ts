import { isAscii } from 'node:buffer';
import { findVins } from '../../proto/words/vin.ts';
import type { TagSet } from './tag-set.ts';

/** What must not stand in a parcel; a leak is named and never shown. */
export const LEAKS = [
  'vin',
  'subject-tag',
  'coordinates',
  'picture',
  'picture-position',
  'point-cloud',
  'private-key',
] as const;
export type Leak = (typeof LEAKS)[number];

/**
 * Looks through text for what must not leave.
 *
 * @param text - whole lines, so that nothing is cut in two
 * @param tags - domestic tags, looked for as hexadecimal digits
 */
export function leaksInText(text: string, tags?: TagSet): readonly Leak[] {
  const found: Leak[] = [];
  if (findVins(text).length > 0) found.push('vin');
  if (tags !== undefined && tags.size() > 0 && holdsTag(text, tags)) found.push('subject-tag');
  if (holdsCoordinates(text)) found.push('coordinates');
  if (PICTURE_TEXTS.some((start) => text.includes(start))) found.push('picture');
  if (POINT_CLOUD_TEXT.test(text)) found.push('point-cloud');
  if (PRIVATE_KEY_TEXT.test(text)) found.push('private-key');
  return found;
}

/** @throws Error naming what was found and where, and not itself */
export function refuseLeaks(name: string, text: string): void {
  const [leak] = leaksInText(text);
  if (leak !== undefined) throw new Error(`${name} would hold what no bundle may: ${leak}`);
}

/**
 * The same for lines of a parcel, five times as fast: what a first look at each byte rules out is not looked for again.
 *
 * @param lines - UTF-8, whole lines
 */
export function leaksInLines(lines: Uint8Array): readonly Leak[] {
  const { hasVinRun, hasLongFraction, hasUnusual } = firstLook(lines);
  if (!hasVinRun && !hasLongFraction && !hasUnusual) return [];
  return leaksInText(Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength).toString('utf8'));
}

/** Bytes of a file that are looked through at once, and how much of it again with the next. */
const PIECE_BYTES = 4_194_304;
const OVERLAP_BYTES = 256;

/** As `leaksInBytes`, of a file of any length. */
export function* leaksInSource(
  source: { readonly bytes: number; readonly slice: (start: number, end: number) => Uint8Array },
  tags: TagSet,
  pieceBytes = PIECE_BYTES,
): Generator<Leak> {
  for (let start = 0; start < source.bytes; start += pieceBytes) {
    const end = Math.min(source.bytes, start + pieceBytes + OVERLAP_BYTES);
    yield* leaksInBytes(source.slice(start, end), tags);
  }
}

/** Magic numbers and VINs anywhere in bytes; for files whose text is looked through as well. */
export function leaksInBytes(bytes: Uint8Array, tags?: TagSet): readonly Leak[] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: Leak[] = [];
  if (holdsVin(view) || holdsVin(withoutZeros(view))) found.push('vin');
  if (tags !== undefined && holdsRawTag(view, tags)) found.push('subject-tag');
  if (PICTURE_BYTES.some((magic) => view.includes(magic))) found.push('picture');
  if (POINT_CLOUD_BYTES.some((magic) => view.includes(magic)) || holdsLas(view)) found.push('point-cloud');
  if (PRIVATE_KEY_STARTS.some((start) => view.includes(start)) && PRIVATE_KEY_TEXT.test(view.toString('latin1')))
    found.push('private-key');
  return found;
}

/** A text is made only of bytes in which a run was seen. */
const holdsVin = (view: Buffer): boolean => holdsVinRun(view) && findVins(view.toString('latin1')).length > 0;

/** What was two bytes a character has one. */
function withoutZeros(view: Buffer): Buffer {
  const narrow = Buffer.allocUnsafe(view.length);
  let length = 0;
  for (let at = 0; at < view.length; at += 1) {
    const byte = view[at] ?? 0;
    narrow[length] = byte;
    // Written over by the next one.
    if (byte !== 0) length += 1;
  }
  return narrow.subarray(0, length);
}

/** A LAS file says its version, 1.0 to 1.4, in bytes 24 and 25. */
function holdsLas(view: Buffer): boolean {
  for (let at = view.indexOf('LASF'); at >= 0; at = view.indexOf('LASF', at + 1)) {
    if (view[at + 24] === 1 && (view[at + 25] ?? 5) <= 4) return true;
  }
  return false;
}

function holdsTag(text: string, tags: TagSet): boolean {
  for (const [run] of text.matchAll(/[0-9a-fA-F]{32,}/g)) {
    // A tag may begin at any digit of a longer run.
    for (const shift of [0, 1]) {
      const bytes = Buffer.from(run.slice(shift), 'hex');
      for (let offset = 0; offset + TAG_BYTES <= bytes.length; offset += 1) {
        if (tags.startsAt(bytes, offset)) return true;
      }
    }
  }
  return false;
}

function holdsRawTag(bytes: Uint8Array, tags: TagSet): boolean {
  return tags.size() > 0 && tags.startsWithin(bytes, bytes.length - TAG_BYTES);
}

const TAG_BYTES = 16;

/**
 * Two numbers close together that read as a place in China or around it, each with four decimals or more (some 11 m), or
 * degrees and minutes. Rows of a parcel are cut to three decimals, so in them only a leak has four.
 */
export function holdsCoordinates(text: string): boolean {
  if (!text.includes('.') && !text.includes('°')) return false;
  if (text.includes('°') && /\d{1,3}\s?°\s?\d{1,2}\s?['′]/.test(text)) return true;
  let before: { readonly end: number; readonly value: number } | undefined;
  for (const match of text.matchAll(/(?<![\d.])-?\d{1,3}\.\d{4,15}(?!\d*\.)/g)) {
    const value = Number(match[0]);
    const isNear = before !== undefined && match.index - before.end <= APART_MAX;
    if (isNear && before !== undefined && isPlace(before.value, value)) return true;
    before = { end: match.index + match[0].length, value };
  }
  return false;
}

/** Characters between latitude and longitude. */
const APART_MAX = 48;

const isPlace = (one: number, other: number): boolean =>
  (isLatitude(one) && isLongitude(other)) || (isLatitude(other) && isLongitude(one));

const isLatitude = (value: number): boolean => value >= 3 && value <= 55;
const isLongitude = (value: number): boolean => value >= 73 && value <= 136;

/** JPEG and PNG in base64. */
const PICTURE_TEXTS = ['/9j/4AAQ', '/9j/4QAY', '/9j/4Q', '/9j/2wBD', 'iVBORw0KGgo'];
const POINT_CLOUD_TEXT = /^ply\r?\nformat |^# \.PCD v/m;
const PRIVATE_KEY_TEXT = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----|PuTTY-User-Key-File-/;
const PRIVATE_KEY_STARTS = ['-----BEGIN ', 'PuTTY-User-Key-File-'];

const bytesOf = (...bytes: readonly number[]): Buffer => Buffer.from(bytes);

const PICTURE_BYTES = [
  bytesOf(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
  ...[0xe0, 0xe1, 0xdb, 0xee].map((marker) => bytesOf(0xff, 0xd8, 0xff, marker, 0x00)),
  Buffer.from('JFIF\0'),
  Buffer.from('Exif\0\0'),
];

const POINT_CLOUD_BYTES = [Buffer.from('ply\nformat '), Buffer.from('ply\r\nformat '), Buffer.from('# .PCD v')];

/** What a byte can be part of: a run of letters and digits that is a VIN, or one that is none. */
const VIN_CHARACTER = 1;
const OTHER_LETTER = 2;

const CLASSES = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  if (/[A-HJ-NPR-Z0-9]/.test(character)) return VIN_CHARACTER;
  return /[A-Za-z]/.test(character) ? OTHER_LETTER : 0;
});

const VIN_CHARACTERS = 17;
/** A point and four digits. */
const FRACTION_CHARACTERS = 5;
const [HYPHENS, SLASH, NUMBER_SIGN, POINT, POINTS] = ['--', 0x2f, 0x23, 0x2e, 0x2e2e2e2e] as const;

/**
 * Whether 17 characters of a VIN stand as a run of their own, a fraction has four digits or more, or anything is there that
 * lines of a parcel do not have: what is beyond ASCII, and slashes, which base64 of a picture has.
 */
export function firstLook(bytes: Uint8Array): {
  readonly hasVinRun: boolean;
  readonly hasLongFraction: boolean;
  readonly hasUnusual: boolean;
} {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    hasVinRun: holdsVinRun(view),
    hasLongFraction: holdsLongFraction(view),
    hasUnusual: !isAscii(view) || view.includes(SLASH) || view.includes(NUMBER_SIGN) || view.includes(HYPHENS),
  };
}

/** Looks at the end of each place where a run could lie: what cannot end one rules out all that hold it. */
function holdsVinRun(bytes: Uint8Array): boolean {
  for (let start = 0; start + VIN_CHARACTERS <= bytes.length; ) {
    const end = start + VIN_CHARACTERS;
    let at = end - 1;
    while (at >= start && CLASSES[bytes[at] ?? 0] === VIN_CHARACTER) at -= 1;
    if (at >= start) {
      start = at + 1;
      continue;
    }
    if (!isInRun(bytes[start - 1]) && !isInRun(bytes[end])) return true;
    start = end;
    while (isInRun(bytes[start])) start += 1;
  }
  return false;
}

const isInRun = (byte: number | undefined): boolean => byte !== undefined && CLASSES[byte] !== 0;

/** Looks for points four bytes at a time: most words have none. */
function holdsLongFraction(bytes: Uint8Array): boolean {
  const head = Math.min(bytes.length, -bytes.byteOffset & 3);
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + head, (bytes.length - head) >> 2);
  const tail = head + words.length * 4;
  for (let at = 0; at < head; at += 1) if (beginsLongFraction(bytes, at)) return true;
  for (let word = 0; word < words.length; word += 1) {
    // A byte that is a point becomes zero, and only a byte of zero borrows from its highest bit.
    const apart = (words[word] as number) ^ POINTS;
    if (((apart - 0x01010101) & ~apart & 0x80808080) === 0) continue;
    const from = head + word * 4;
    for (let at = from; at < from + 4; at += 1) if (beginsLongFraction(bytes, at)) return true;
  }
  for (let at = tail; at < bytes.length; at += 1) if (beginsLongFraction(bytes, at)) return true;
  return false;
}

function beginsLongFraction(bytes: Uint8Array, point: number): boolean {
  if (bytes[point] !== POINT) return false;
  // From behind: a shorter fraction has its end there.
  let at = point + FRACTION_CHARACTERS - 1;
  while (at > point && isDigit(bytes[at] ?? 0)) at -= 1;
  return at === point;
}

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;
