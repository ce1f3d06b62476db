import { makeViewBuilder, type View, type ViewBuilder } from './view.ts';

/** Shortest run of base64 that is decoded: four bytes, the width of a float32. */
const BASE64_RUN_MIN = 6;
/** Shortest run of hex digits that is decoded: four bytes. */
const HEX_RUN_MIN = 8;
/** A run of hex digits this long is not read as base64 as well. */
const HEX_TEXT_MIN = 16;
/** Shortest run of ASCII in UTF-16 that is read: `31.2790`. */
const UTF16_RUN_MIN = 7;
/** Shortest list such as `49,46,50,55` that is read: four bytes. */
const LIST_NUMBERS_MIN = 4;

/**
 * Base64 text, standard and URL alphabets, lines wrapped or not. Each run is decoded from its first, second, third and
 * fourth character: whatever the run is glued to, one of the four views stands at the right bits.
 */
export function base64Views(bytes: Uint8Array): readonly View[] {
  const builders = [0, 1, 2, 3].map(() => makeViewBuilder('base64'));
  forEachRun(bytes, BASE64_VALUES, BASE64_RUN_MIN, (start, end) => {
    if (isHexText(bytes, start, end)) return;
    for (const [phase, builder] of builders.entries()) {
      builder.open(start);
      decodeBase64(bytes, start, end, phase, builder);
    }
  });
  return builders.map((builder) => builder.build());
}

/** Hex digits of either case, with or without `:` or `-` between them; both ways of pairing the digits. */
export function hexViews(bytes: Uint8Array): readonly View[] {
  const builders = [0, 1].map(() => makeViewBuilder('hex'));
  forEachRun(bytes, HEX_VALUES, HEX_RUN_MIN, (start, end) => {
    for (const [phase, builder] of builders.entries()) {
      builder.open(start);
      decodeHex(bytes, start, end, phase, builder);
    }
  });
  return builders.map((builder) => builder.build());
}

/** ASCII characters in UTF-16 of either byte order: every second byte is zero. */
export function utf16View(bytes: Uint8Array): View {
  const builder = makeViewBuilder('utf16');
  for (let start = 0; start + 2 < bytes.length; start++) {
    if (bytes[start + 1] !== 0 || !isPrintable(bytes[start])) continue;
    let end = start;
    while (bytes[end + 1] === 0 && isPrintable(bytes[end + 2])) end += 2;
    if ((end - start) / 2 + 1 < UTF16_RUN_MIN) continue;
    builder.open(start);
    for (let at = start; at <= end; at += 2) builder.push(bytes[at] ?? 0);
    start = end;
  }
  return builder.build();
}

/** Lists of byte values as decimal numbers: what JSON makes of a Buffer or a Uint8Array that nobody encoded. */
export function byteListView(bytes: Uint8Array): View {
  const builder = makeViewBuilder('byte-list');
  for (let at = 0; at < bytes.length; at++) {
    if (!isDigit(bytes[at])) continue;
    const { values, end } = readList(bytes, at);
    if (values.length >= LIST_NUMBERS_MIN) {
      builder.open(at);
      for (const value of values) builder.push(value);
    }
    at = end;
  }
  return builder.build();
}

/**
 * Maximal runs of characters that have a value; those marked `SKIPPED` stay inside a run and carry nothing. Looks first at
 * the character where a shortest run would end: if it is foreign, no run starts before it.
 */
function forEachRun(
  bytes: Uint8Array,
  values: Int8Array,
  lengthMin: number,
  visit: (start: number, end: number) => void,
): void {
  const isForeign = (at: number): boolean => (values[bytes[at] ?? 0] ?? NONE) === NONE;
  let start = 0;
  while (start + lengthMin <= bytes.length) {
    let probe = start + lengthMin - 1;
    while (probe >= start && !isForeign(probe)) probe--;
    if (probe >= start) {
      start = probe + 1;
      continue;
    }
    let end = start + lengthMin;
    while (end < bytes.length && !isForeign(end)) end++;
    visit(start, end);
    start = end + 1;
  }
}

/** Sixteen hex digits and nothing else: base64 would look like that once in 2^32 times. */
function isHexText(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < HEX_TEXT_MIN) return false;
  for (let at = start; at < end; at++) {
    if (HEX_VALUES[bytes[at] ?? 0] === NONE) return false;
  }
  return true;
}

function decodeBase64(bytes: Uint8Array, start: number, end: number, phase: number, builder: ViewBuilder): void {
  let skip = phase;
  let held = 0;
  let heldBits = 0;
  for (let at = start; at < end; at++) {
    const value = BASE64_VALUES[bytes[at] ?? 0] ?? NONE;
    if (value < 0 || skip-- > 0) continue;
    held = (held << 6) | value;
    heldBits += 6;
    if (heldBits < 8) continue;
    heldBits -= 8;
    builder.push((held >>> heldBits) & 0xff);
  }
}

function decodeHex(bytes: Uint8Array, start: number, end: number, phase: number, builder: ViewBuilder): void {
  let skip = phase;
  let high = NONE;
  for (let at = start; at < end; at++) {
    const value = HEX_VALUES[bytes[at] ?? 0] ?? NONE;
    if (value < 0 || skip-- > 0) continue;
    if (high < 0) high = value;
    else {
      builder.push(high * 16 + value);
      high = NONE;
    }
  }
}

/** Numbers of up to three digits, at most 255, with a comma and at most one space between. */
function readList(bytes: Uint8Array, start: number): { readonly values: readonly number[]; readonly end: number } {
  const values: number[] = [];
  let at = start;
  for (;;) {
    let value = 0;
    const first = at;
    while (isDigit(bytes[at])) value = value * 10 + (bytes[at++] ?? ZERO) - ZERO;
    if (at === first || at - first > 3 || value > 255) return { values, end: at };
    values.push(value);
    if (bytes[at] !== COMMA) return { values, end: at };
    at += bytes[at + 1] === SPACE ? 2 : 1;
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

function isPrintable(byte: number | undefined): boolean {
  return byte !== undefined && byte >= SPACE && byte <= TILDE;
}

const ZERO = 0x30;
const NINE = 0x39;
const COMMA = 0x2c;
const SPACE = 0x20;
const TILDE = 0x7e;
const NONE = -1;
const SKIPPED = -2;
const BASE64_VALUES = valuesOf('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', '\r\n');
BASE64_VALUES[0x2d] = 62;
BASE64_VALUES[0x5f] = 63;
const HEX_VALUES = valuesOf('0123456789abcdef', ':-');
for (const [at, digit] of [...Buffer.from('ABCDEF')].entries()) HEX_VALUES[digit] = 10 + at;

function valuesOf(alphabet: string, skipped: string): Int8Array {
  const values = new Int8Array(256).fill(NONE);
  for (const [value, byte] of [...Buffer.from(alphabet)].entries()) values[byte] = value;
  for (const byte of Buffer.from(skipped)) values[byte] = SKIPPED;
  return values;
}
