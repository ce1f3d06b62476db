import type { PairedForm, PairFinder } from './axis-pairs.ts';
import {
  type AxisName,
  CELLS_PER_DEGREE,
  type CoordinateIndex,
  cellOf,
  DEGREES_MAX,
  FINE_CELLS_PER_DEGREE,
  findOnAxis,
  hasBit,
} from './coordinate-index.ts';
import type { Report } from './hit.ts';
import { scaledTolerance } from './tolerances.ts';

/**
 * Finds coordinates written as decimal digits.
 *
 * - `decimal`: 1 to 3 digits, a point, 4 digits or more; the first four decimals are the true ones, cut or rounded.
 *   Counts alone. A number with two decimals or fewer in disguise (`39.9500`) does not. It is called `decimal prefix`
 *   when more decimals follow and the fifth is wrong: chance can do that to a measured value of full double precision.
 * - `degrees-minutes`: NMEA DDDMM.mmmm, the first four decimals of the minute cut or rounded. Counts beside a hemisphere letter or its partner.
 * - `integer text x1e4` to `x1e7`: whole digits of scaled degrees. Counts beside its partner.
 *
 * Leading zeros and the sign are ignored. Of a number above 180 the last two and three whole digits are tried, as something
 * may have been glued to their front, and called `decimal suffix`; there the fifth decimal has to be right.
 */
export function scanText(bytes: Uint8Array, index: CoordinateIndex, pairs: PairFinder, report: Report): void {
  const reader: Reader = { bytes, index, pairs, report };
  let offset = 0;
  while (offset < bytes.length) {
    if (!isDigit(bytes[offset])) {
      offset++;
      continue;
    }
    const end = endOfDigits(bytes, offset);
    const start = skipZeros(bytes, offset, end);
    if (bytes[end] === POINT && isDigit(bytes[end + 1])) readDecimal(reader, start, end);
    else if (bytes[offset - 1] !== POINT) readWhole(reader, start, end);
    offset = end;
  }
}

interface Reader {
  readonly bytes: Uint8Array;
  readonly index: CoordinateIndex;
  readonly pairs: PairFinder;
  readonly report: Report;
}

/** A number with a point at `point` whose whole part starts at `start`. */
function readDecimal(reader: Reader, start: number, point: number): void {
  const end = endOfDigits(reader.bytes, point + 1);
  const digits = point - start;
  if (end - point <= DECIMALS) return;
  const fraction = numberOf(reader.bytes, point + 1, point + 1 + DECIMALS);
  const from = (first: number): Decimal => ({
    start: first,
    point,
    end,
    whole: numberOf(reader.bytes, first, point),
    fraction,
  });
  const whole = from(start);
  if (digits >= 1 && whole.whole <= DEGREES_MAX) readDegrees(reader, whole, DECIMAL.name);
  else for (const length of GLUED_DIGITS) if (digits > length) readDegrees(reader, from(point - length), SUFFIX);
  if (digits >= 3 && digits <= 5) readMinutes(reader, whole);
}

interface Decimal {
  readonly start: number;
  readonly point: number;
  readonly end: number;
  readonly whole: number;
  /** First four decimals as a whole number. */
  readonly fraction: number;
}

function readDegrees({ bytes, index, pairs, report }: Reader, decimal: Decimal, form: string): void {
  const { start, point, end, whole, fraction } = decimal;
  const degrees = whole + fraction / CELLS_PER_DEGREE;
  if (whole > DEGREES_MAX || !hasBit(index.coarseBits, cellOf(degrees))) return;
  if (fraction % 100 === 0 && isAllZeros(bytes, point, end)) return;
  const fifth = bytes[point + 1 + DECIMALS] ?? 0;
  const finer = isDigit(fifth) ? degrees + (fifth - ZERO) / FINE_CELLS_PER_DEGREE : undefined;
  for (const axis of AXES) {
    const { points } = index[axis];
    const at = findOnAxis(index[axis], degrees, DECIMAL.tolerance);
    if (at < 0) continue;
    const finerAt = finer === undefined ? at : findOnAxis(index[axis], finer, FINER_TOLERANCE);
    if (finerAt >= 0) report(axis, form, start, points[finerAt] ?? -1);
    else if (form !== SUFFIX) report(axis, 'decimal prefix', start, points[at] ?? -1);
  }
  const of = pairs.sight(DECIMAL, start, degrees);
  if (of >= 0) report('position', DECIMAL.name, start, of);
}

/** Are the decimals zeros from the third on? */
function isAllZeros(bytes: Uint8Array, point: number, end: number): boolean {
  for (let at = point + 3; at < end; at++) {
    if (bytes[at] !== ZERO) return false;
  }
  return true;
}

function readMinutes({ bytes, index, pairs, report }: Reader, { start, end, whole, fraction }: Decimal): void {
  const minutes = (whole % 100) + fraction / CELLS_PER_DEGREE;
  const degrees = Math.floor(whole / 100) + minutes / 60;
  if (minutes >= 60 || degrees < 1 || degrees > DEGREES_MAX) return;
  if (!hasBit(index.coarseBits, cellOf(degrees))) return;
  for (const axis of AXES) {
    if (!isHemisphere(bytes, start, end, axis)) continue;
    const at = findOnAxis(index[axis], degrees, MINUTES.tolerance);
    if (at >= 0) report(axis, MINUTES.name, start, index[axis].points[at] ?? -1);
  }
  const point = pairs.sight(MINUTES, start, degrees);
  if (point >= 0) report('position', MINUTES.name, start, point);
}

/** NMEA 0183 and its relatives put the letter after the number, with or without a comma, or straight before it. */
function isHemisphere(bytes: Uint8Array, start: number, end: number, axis: AxisName): boolean {
  const letters = HEMISPHERES[axis];
  const after = bytes[end] === COMMA ? bytes[end + 1] : bytes[end];
  const before = bytes[start - 1] === ZERO ? bytes[start - 2] : bytes[start - 1];
  return letters.includes(after ?? 0) || letters.includes(before ?? 0);
}

function readWhole({ bytes, index, pairs, report }: Reader, start: number, end: number): void {
  if (end - start < WHOLE_DIGITS_MIN || end - start > WHOLE_DIGITS_MAX) return;
  const value = numberOf(bytes, start, end);
  for (const form of WHOLE) {
    if (value < form.scale || value > form.scale * DEGREES_MAX) continue;
    if (!hasBit(index.coarseBits, Math.floor(value / (form.scale / CELLS_PER_DEGREE)))) continue;
    const point = pairs.sight(form, start, value / form.scale);
    if (point >= 0) report('position', form.name, start, point);
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

function endOfDigits(bytes: Uint8Array, start: number): number {
  let end = start;
  while (isDigit(bytes[end])) end++;
  return end;
}

function skipZeros(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] === ZERO) at++;
  return at;
}

/** Up to ten digits, so exact. */
function numberOf(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) value = value * 10 + (bytes[at] ?? ZERO) - ZERO;
  return value;
}

const AXES = ['latitude', 'longitude'] as const;
const ZERO = 0x30;
const NINE = 0x39;
const POINT = 0x2e;
const COMMA = 0x2c;
const HEMISPHERES: Readonly<Record<AxisName, readonly number[]>> = {
  latitude: [...Buffer.from('NSns')],
  longitude: [...Buffer.from('EWew')],
};
const DECIMALS = 4;
const SUFFIX = 'decimal suffix';
/** Whole digits of a latitude, and of a longitude, in the mainland. */
const GLUED_DIGITS = [2, 3];
const WHOLE_DIGITS_MIN = 5;
const WHOLE_DIGITS_MAX = 10;
const DECIMAL: PairedForm = { name: 'decimal', tolerance: scaledTolerance(CELLS_PER_DEGREE) };
const FINER_TOLERANCE = scaledTolerance(FINE_CELLS_PER_DEGREE);
const MINUTES: PairedForm = { name: 'degrees-minutes', tolerance: scaledTolerance(60 * CELLS_PER_DEGREE) };
const WHOLE = [1e4, 1e5, 1e6, 1e7].map((scale) => ({
  name: `integer text x1e${Math.log10(scale)}`,
  scale,
  tolerance: scaledTolerance(scale),
}));
