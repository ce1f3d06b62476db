/** Bytes of a figure, sign and point included; JSON writes no number in more. */
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
  // Whole numbers, which the processor divides as such.
  const whole = ((size | 0) / 1_000) | 0;
  return writeFraction((size | 0) - whole * 1_000, out, writeWhole(whole, out, at));
}

/** From here on JSON writes a figure: no signal of a battery has one, and its digits would be no whole number of 32 bits. */
const THOUSANDTHS_MAX = 2 ** 31;
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
