/** Where a coordinate stands in a point. */
export type AxisName = 'latitude' | 'longitude';

export interface Point {
  /** Degrees north. */
  readonly latitude: number;
  /** Degrees east. */
  readonly longitude: number;
}

/** True coordinates, made ready for "is this number one of them?". Magnitudes only: the sign is ignored everywhere. */
export interface CoordinateIndex {
  readonly latitude: Axis;
  readonly longitude: Axis;
  /**
   * Prefilter, one byte for each ten-thousandth of a degree from 0 to 180: bit 1 latitude, bit 2 longitude. A number
   * whose cell is 0 is no coordinate of the set, whatever form it was read from; 1.8 MB, so it stays in cache.
   */
  readonly cells: Uint8Array;
  /** Which of `cells` are not 0, one bit a cell: 225 kB, for the loop that looks at every byte. */
  readonly coarseBits: Uint8Array;
  /** The same at a hundred-thousandth of a degree, one bit a cell, axes together; for forms at least that fine. */
  readonly fineBits: Uint8Array;
}

/** One axis in ascending order; the three arrays run side by side. */
interface Axis {
  readonly values: Float64Array;
  /** The other coordinate of the same point, or NaN when that one is degenerate. */
  readonly partners: Float64Array;
  /** Index of the point in the caller's list. */
  readonly points: Uint32Array;
  /** For each hundredth of a degree the first place whose value is not below it: where a search starts. */
  readonly starts: Uint32Array;
}

/** How far a true coordinate may stand from what was read, in degrees: `true - read` within [-below, above]. */
export interface Tolerance {
  readonly below: number;
  readonly above: number;
  /** Added to both, as a share of the number: what floating point loses. */
  readonly relative: number;
}

export const CELLS_PER_DEGREE = 10_000;
export const DEGREES_MAX = 180;
const STARTS_PER_DEGREE = 100;
export const LATITUDE_BIT = 1;
export const LONGITUDE_BIT = 2;

/** Decimals that a coordinate needs before it can be told from an ordinary number. */
const SIGNIFICANT_DECIMALS = 4;
/** Points beyond this are a mistake of the caller: the scanner was measured up to it. */
const POINTS_MAX = 2_000_000;
export const FINE_CELLS_PER_DEGREE = 100_000;
/**
 * How far, in cells, a reading may stand from the true coordinate and still fall into a marked cell: half a cell of rounding,
 * or 6e-5 degrees of `DOUBLE_TOLERANCE` in coarse cells, and room for float noise. What was cut off stands in its own cell.
 */
const CELL_REACH = 0.61;

/**
 * A coordinate is degenerate when ordinary numbers would hit it: not finite, out of range, below one degree, whole
 * degrees, or fewer than four significant decimals (31.25 is also a state of charge).
 */
export function isDegenerate(degrees: number): boolean {
  const magnitude = Math.abs(degrees);
  if (!(magnitude >= 1 && magnitude <= DEGREES_MAX)) return true;
  return (String(magnitude).split('.')[1] ?? '').length < SIGNIFICANT_DECIMALS;
}

/**
 * Sorts and indexes the coordinates that are not degenerate.
 *
 * @param points - degrees; equal points are kept once, under the first index
 * @returns the index, and how many coordinates (not points) were skipped as degenerate
 * @throws Error above 2,000,000 points
 */
export function indexPoints(points: readonly Point[]): { readonly index: CoordinateIndex; readonly skipped: number } {
  if (points.length > POINTS_MAX) throw new Error(`more than ${POINTS_MAX} points for one canary set`);
  const seen = new Set<string>();
  const rows: Row[] = [];
  let skipped = 0;
  for (const [at, point] of points.entries()) {
    const latitude = usable(point.latitude);
    const longitude = usable(point.longitude);
    skipped += Number(Number.isNaN(latitude)) + Number(Number.isNaN(longitude));
    const key = `${latitude} ${longitude}`;
    if (seen.has(key)) continue;
    seen.add(key);
    rows.push({ at, latitude, longitude });
  }
  const latitude = axisOf(rows, 'latitude', 'longitude');
  const longitude = axisOf(rows, 'longitude', 'latitude');
  const cells = new Uint8Array(DEGREES_MAX * CELLS_PER_DEGREE + 2);
  const coarseBits = new Uint8Array(Math.ceil(cells.length / 8));
  const fineBits = new Uint8Array((DEGREES_MAX * FINE_CELLS_PER_DEGREE) / 8 + 1);
  for (const [axis, bit] of [[latitude, LATITUDE_BIT] as const, [longitude, LONGITUDE_BIT] as const]) {
    forEachCell(axis.values, CELLS_PER_DEGREE, (cell) => {
      cells[cell] = (cells[cell] ?? 0) | bit;
      setBit(coarseBits, cell);
    });
    forEachCell(axis.values, FINE_CELLS_PER_DEGREE, (cell) => setBit(fineBits, cell));
  }
  return { index: { latitude, longitude, cells, coarseBits, fineBits }, skipped };
}

/** Cell of `cells` that a magnitude in degrees stands in; a whole number of cells that lost its last bit is not cut down. */
export function cellOf(degrees: number): number {
  return Math.floor(degrees * CELLS_PER_DEGREE + 1e-6);
}

/** Reads one cell of `coarseBits` or `fineBits`. */
export function hasBit(bits: Uint8Array, cell: number): boolean {
  return ((bits[cell >>> 3] ?? 0) & (1 << (cell & 7))) !== 0;
}

/** First place in `axis` whose value may have been read as `degrees`, or -1. */
export function findOnAxis(axis: Axis, degrees: number, tolerance: Tolerance): number {
  const lost = tolerance.relative * degrees;
  const at = firstAtLeast(axis, degrees - tolerance.below - lost);
  return (axis.values[at] ?? Number.POSITIVE_INFINITY) <= degrees + tolerance.above + lost ? at : -1;
}

/** The point that both numbers belong to, as an index into the caller's list, or -1. */
export function findPoint(index: CoordinateIndex, latitude: number, longitude: number, tolerance: Tolerance): number {
  const { values, partners, points } = index.latitude;
  const { below, above, relative } = tolerance;
  let at = findOnAxis(index.latitude, latitude, tolerance);
  for (; at >= 0 && (values[at] ?? Number.NaN) <= latitude + above + relative * latitude; at++) {
    const apart = (partners[at] ?? Number.NaN) - longitude;
    const lost = relative * longitude;
    if (apart >= -below - lost && apart <= above + lost) return points[at] ?? -1;
  }
  return -1;
}

interface Row {
  readonly at: number;
  readonly latitude: number;
  readonly longitude: number;
}

function usable(degrees: number): number {
  return isDegenerate(degrees) ? Number.NaN : Math.abs(degrees);
}

function axisOf(rows: readonly Row[], own: AxisName, other: AxisName): Axis {
  const sorted = rows.filter((row) => !Number.isNaN(row[own])).sort((a, b) => a[own] - b[own]);
  const values = Float64Array.from(sorted, (row) => row[own]);
  return {
    values,
    partners: Float64Array.from(sorted, (row) => row[other]),
    points: Uint32Array.from(sorted, (row) => row.at),
    starts: startsOf(values),
  };
}

/** Visits each cell that a reading of one of the values may fall into. */
function forEachCell(values: Float64Array, cellsPerDegree: number, visit: (cell: number) => void): void {
  for (const value of values) {
    const last = Math.floor(value * cellsPerDegree + CELL_REACH);
    for (let cell = Math.floor(value * cellsPerDegree - CELL_REACH); cell <= last; cell++) visit(cell);
  }
}

function setBit(bits: Uint8Array, cell: number): void {
  bits[cell >>> 3] = (bits[cell >>> 3] ?? 0) | (1 << (cell & 7));
}

function firstAtLeast({ values, starts }: Axis, wanted: number): number {
  const bucket = Math.floor(wanted * STARTS_PER_DEGREE);
  let low = starts[bucket] ?? 0;
  let high = starts[bucket + 1] ?? values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

function startsOf(values: Float64Array): Uint32Array {
  const starts = new Uint32Array(DEGREES_MAX * STARTS_PER_DEGREE + 2).fill(values.length);
  let next = 0;
  for (const [at, value] of values.entries()) {
    const bucket = Math.floor(value * STARTS_PER_DEGREE);
    while (next <= bucket) starts[next++] = at;
  }
  return starts;
}
