/**
 * Whether bytes are the RFC 8785 text of some value, by looking at them once and making nothing. It is sure of what most documents
 * are made of: objects with plain keys in order, strings without escapes, whole numbers of up to 15 digits, literals.
 *
 * @param bytes - UTF-8, as the caller has found
 * @returns true when they are; false when it cannot tell, and `isCanonicalJson` has to be asked
 */
export function isSurelyCanonical(bytes: Uint8Array): boolean {
  return afterValue(bytes, 0, 0) === bytes.length;
}

const UNSURE = -1;

/** Deeper documents are left to the slower check; a limit of the stack is none to rest on. */
const DEPTH_MAX = 32;

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const COLON = 0x3a;
const OPENING_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/** Where the value that begins at `at` has ended. */
function afterValue(bytes: Uint8Array, at: number, depth: number): number {
  if (depth > DEPTH_MAX) return UNSURE;
  switch (bytes[at]) {
    case QUOTE:
      return afterText(bytes, at + 1);
    case OPENING_BRACE:
      return afterObject(bytes, at + 1, depth + 1);
    case OPENING_BRACKET:
      return afterArray(bytes, at + 1, depth + 1);
    case 0x74:
      return afterWord(bytes, at, TRUE);
    case 0x66:
      return afterWord(bytes, at, FALSE);
    case 0x6e:
      return afterWord(bytes, at, NULL);
    default:
      return afterInteger(bytes, at);
  }
}

/** Of a string whose first quote was read. Whatever JSON escapes has an escape, and none is taken here. */
function afterText(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH || byte < 0x20) return UNSURE;
  }
  return UNSURE;
}

function afterObject(bytes: Uint8Array, from: number, depth: number): number {
  if (bytes[from] === CLOSING_BRACE) return from + 1;
  let at = from;
  let last = UNSURE;
  for (;;) {
    if (bytes[at] !== QUOTE) return UNSURE;
    const key = at + 1;
    const end = afterKey(bytes, key);
    if (end === UNSURE || bytes[end] !== COLON || (last !== UNSURE && !isBefore(bytes, last, key))) return UNSURE;
    last = key;
    at = afterValue(bytes, end + 1, depth);
    if (at === UNSURE) return UNSURE;
    if (bytes[at] === CLOSING_BRACE) return at + 1;
    if (bytes[at] !== COMMA) return UNSURE;
    at += 1;
  }
}

/** Keys of ASCII letters, digits and signs: beyond them UTF-8 and UTF-16 are in different orders. */
function afterKey(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH || byte < 0x20 || byte >= 0x80) return UNSURE;
  }
  return UNSURE;
}

/** Whether one key comes before another; both end at a quote, which comes before every other sign but space and `!`. */
function isBefore(bytes: Uint8Array, first: number, second: number): boolean {
  for (let at = 0; ; at += 1) {
    const [one, other] = [bytes[first + at] ?? 0, bytes[second + at] ?? 0];
    if (one !== other) return one === QUOTE || (other !== QUOTE && one < other);
    if (one === QUOTE) return false;
  }
}

function afterArray(bytes: Uint8Array, from: number, depth: number): number {
  if (bytes[from] === CLOSING_BRACKET) return from + 1;
  for (let at = from; ; at += 1) {
    at = afterValue(bytes, at, depth);
    if (at === UNSURE) return UNSURE;
    if (bytes[at] === CLOSING_BRACKET) return at + 1;
    if (bytes[at] !== COMMA) return UNSURE;
  }
}

/** Up to this many digits a number is exact, and JSON writes it as it stands. */
const DIGITS_MAX = 15;

function afterInteger(bytes: Uint8Array, from: number): number {
  const start = bytes[from] === MINUS ? from + 1 : from;
  let at = start;
  while (at < bytes.length && (bytes[at] ?? 0) >= DIGIT_0 && (bytes[at] ?? 0) <= DIGIT_9) at += 1;
  const digits = at - start;
  // No `-0`, no `007`; a fraction or an exponent follows where none is expected, and is refused there.
  if (digits === 0 || digits > DIGITS_MAX) return UNSURE;
  return bytes[start] === DIGIT_0 && (digits > 1 || start > from) ? UNSURE : at;
}

const bytesOf = (word: string): readonly number[] => [...word].map((sign) => sign.charCodeAt(0));
const TRUE = bytesOf('true');
const FALSE = bytesOf('false');
const NULL = bytesOf('null');

function afterWord(bytes: Uint8Array, at: number, word: readonly number[]): number {
  for (let index = 0; index < word.length; index += 1) if (bytes[at + index] !== word[index]) return UNSURE;
  return at + word.length;
}
