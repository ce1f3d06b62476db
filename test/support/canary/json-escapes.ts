import { makeViewBuilder, type View, type ViewBuilder } from './view.ts';

/** Shortest text that is unescaped: a four-byte value with one escape. */
const RUN_MIN = 5;

/**
 * Text runs that hold JSON string escapes (RFC 8259, section 7), unescaped. `\u0000` to `\u00ff` become one byte, as
 * when somebody puts binary into a string; above that UTF-8. Runs without an escape are left out: they were scanned.
 */
export function jsonEscapesView(bytes: Uint8Array): View {
  const builder = makeViewBuilder('json-escapes');
  let start = -1;
  let escapes = 0;
  for (let at = 0; at <= bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= SPACE && byte !== DELETE) {
      if (start < 0) start = at;
      if (byte === BACKSLASH && escapeLength(bytes, at) > 0) escapes++;
      continue;
    }
    if (escapes > 0 && at - start >= RUN_MIN) pushUnescaped(bytes, start, at, builder);
    start = -1;
    escapes = 0;
  }
  return builder.build();
}

function pushUnescaped(bytes: Uint8Array, start: number, end: number, builder: ViewBuilder): void {
  builder.open(start);
  for (let at = start; at < end; ) {
    const length = bytes[at] === BACKSLASH ? escapeLength(bytes, at) : 0;
    if (length === 0) builder.push(bytes[at++] ?? 0);
    else if (length === 2) builder.push(SHORT_ESCAPES.get(bytes[at + 1] ?? 0) ?? 0);
    else pushCode(Number.parseInt(Buffer.from(bytes.subarray(at + 2, at + 6)).toString('latin1'), 16), builder);
    at += length;
  }
}

/** Bytes of the escape whose backslash is at `at`, or 0 when it is none. */
function escapeLength(bytes: Uint8Array, at: number): number {
  const letter = bytes[at + 1] ?? 0;
  if (SHORT_ESCAPES.has(letter)) return 2;
  if (letter !== LETTER_U) return 0;
  for (let digit = at + 2; digit < at + 6; digit++) {
    if (!isHexDigit(bytes[digit] ?? 0)) return 0;
  }
  return 6;
}

function pushCode(code: number, builder: ViewBuilder): void {
  if (code < 0x100) builder.push(code);
  else builder.append(Buffer.from(String.fromCharCode(code)));
}

function isHexDigit(byte: number): boolean {
  const folded = byte | 0x20;
  return (byte >= 0x30 && byte <= 0x39) || (folded >= 0x61 && folded <= 0x66);
}

const SPACE = 0x20;
const DELETE = 0x7f;
const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
const SHORT_ESCAPES: ReadonlyMap<number, number> = new Map(
  Object.entries({ '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }).map(
    ([letter, meant]) => [letter.charCodeAt(0), meant.charCodeAt(0)],
  ),
);
