/** Bytes of a figure, sign and point included: 15 digits, or what JSON writes of a larger one. */
export const FIGURE_BYTES_MAX = 32;

/**
 * Writes a number as JSON does. A figure is a whole number of thousandths, so its digits need no search for the shortest
 * text that reads as it.
 *
 * @param out - with room for `FIGURE_BYTES_MAX` bytes
 * @returns where it ends
 */
export function writeFigure(value: number, out: Uint8Array, from: number): number {
  const thousandths = Math.round(value * 1_000);
  const size = Math.abs(thousandths);
  if (size >= THOUSANDTHS_MAX) return from + Buffer.from(out.buffer, out.byteOffset).write(JSON.stringify(value), from);
  let at = from;
  if (thousandths < 0) {
    out[at] = MINUS;
    at += 1;
  }
  if (size >= INTEGER_MAX) {
    const rest = size % 1_000;
    return writeFraction(rest, out, writeLarge((size - rest) / 1_000, out, at));
  }
  // Nearly all of them: whole numbers that the processor divides as such.
  const whole = ((size | 0) / 1_000) | 0;
  return writeFraction((size | 0) - whole * 1_000, out, writeWhole(whole, out, at));
}

/** Below it a figure has no more than fifteen digits, which a double holds exactly as written. */
const THOUSANDTHS_MAX = 1e15;
const INTEGER_MAX = 2 ** 31;
const [ZERO, MINUS, POINT] = [0x30, 0x2d, 0x2e];

/** @param value - below 2^31 */
function writeWhole(value: number, out: Uint8Array, from: number): number {
  let end = from + 1;
  for (let bound = 10; value >= bound; bound *= 10) end += 1;
  let left = value;
  for (let at = end - 1; at >= from; at -= 1) {
    const next = (left / 10) | 0;
    out[at] = ZERO + left - next * 10;
    left = next;
  }
  return end;
}

function writeLarge(value: number, out: Uint8Array, from: number): number {
  const low = value % 1_000_000;
  const at = value >= 1_000_000 ? writeLarge((value - low) / 1_000_000, out, from) : from;
  if (at === from) return writeWhole(low, out, from);
  // Behind other digits all six stand, zeros too.
  for (let place = 100_000, end = at; place >= 1; place = (place / 10) | 0, end += 1)
    out[end] = ZERO + (((low / place) | 0) % 10);
  return at + 6;
}

/** Nothing for none; else a point and one to three digits. @param thousandths - 0 to 999 */
function writeFraction(thousandths: number, out: Uint8Array, from: number): number {
  if (thousandths === 0) return from;
  const hundreds = (thousandths / 100) | 0;
  const rest = thousandths - hundreds * 100;
  const tens = (rest / 10) | 0;
  const ones = rest - tens * 10;
  out[from] = POINT;
  out[from + 1] = ZERO + hundreds;
  if (rest === 0) return from + 2;
  out[from + 2] = ZERO + tens;
  if (ones === 0) return from + 3;
  out[from + 3] = ZERO + ones;
  return from + 4;
}
