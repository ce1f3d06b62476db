import type { Point } from '../traces/plane.ts';
import type { TripEnd } from './trip-ends.ts';

/**
 * Where the true end of a trip lies when its last (or first) cell and the direction of the way are known. Counts on a square
 * of bins about the cell, folded by the symmetries of the square, one table a class of direction.
 */
export interface EndLaw {
  readonly binM: number;
  /** Edge of the largest cell. */
  readonly sizeM: number;
  readonly tables: readonly Float64Array[];
}

/** Bins from the middle of the table to its rim. */
const HALF = 25;
const SIDE = 2 * HALF + 1;
/** Along an axis, diagonal, unknown; again for cells smaller than the largest. */
const CLASSES = 3;
const BIN_M_MIN = 50;
/** A guess is to fall within a kilometre. */
const BIN_M_MAX = 500;
/** Mass that every bin has of its own, so that nothing is impossible. */
const FLOOR = 0.02;

export function binOf(sizeM: number): number {
  return Math.min(BIN_M_MAX, Math.max(BIN_M_MIN, sizeM / 10));
}

export function emptyLaw(sizeM: number): EndLaw {
  const tables = Array.from({ length: 2 * CLASSES }, () => new Float64Array(SIDE * SIDE));
  return { binM: binOf(sizeM), sizeM, tables };
}

/** Counts one end of which the truth is known. */
export function learn(law: EndLaw, end: TripEnd, truth: Point): void {
  const { table, index } = locate(law, end, truth);
  const counts = law.tables[table];
  if (counts !== undefined && index >= 0) counts[index] = (counts[index] ?? 0) + 1;
}

/** What all others teach: the sum less one's own. */
export function without(total: EndLaw, own: EndLaw): EndLaw {
  const tables = total.tables.map((counts, table) =>
    counts.map((count, index) => count - (own.tables[table]?.[index] ?? 0)),
  );
  return { ...total, tables: tables.map(smooth) };
}

export function add(total: EndLaw, own: EndLaw): void {
  for (const [table, counts] of total.tables.entries()) {
    for (let index = 0; index < counts.length; index += 1) {
      counts[index] = (counts[index] ?? 0) + (own.tables[table]?.[index] ?? 0);
    }
  }
}

/** Probability of the bin about `point` to hold the true end. */
export function densityAt(law: EndLaw, end: TripEnd, point: Point): number {
  const { table, index } = locate(law, end, point);
  return index < 0 ? FLOOR / (SIDE * SIDE) : (law.tables[table]?.[index] ?? 0);
}

/** Blurred over the bins around, in part even, and of sum 1. */
function smooth(counts: Float64Array): Float64Array {
  const blurred = new Float64Array(counts.length);
  for (let row = 0; row < SIDE; row += 1) {
    for (let column = 0; column < SIDE; column += 1) {
      const count = counts[row * SIDE + column] ?? 0;
      if (count !== 0) spread(blurred, row, column, count);
    }
  }
  const sum = blurred.reduce((total, value) => total + value, 0);
  return blurred.map((value) => (sum === 0 ? 0 : ((1 - FLOOR) * value) / sum) + FLOOR / blurred.length);
}

function spread(into: Float64Array, row: number, column: number, count: number): void {
  for (let down = -1; down <= 1; down += 1) {
    for (let across = -1; across <= 1; across += 1) {
      const [r, c] = [row + down, column + across];
      if (r < 0 || c < 0 || r >= SIDE || c >= SIDE) continue;
      const index = r * SIDE + c;
      into[index] = (into[index] ?? 0) + count * (down === 0 && across === 0 ? 2 : 1);
    }
  }
}

interface Located {
  readonly table: number;
  /** -1 outside of the table. */
  readonly index: number;
}

function locate({ binM, sizeM }: EndLaw, end: TripEnd, point: Point): Located {
  let [dx, dy] = [point.x - end.x, point.y - end.y];
  const { direction } = end;
  let table = CLASSES - 1;
  if (direction === undefined) {
    [dx, dy] = [Math.max(Math.abs(dx), Math.abs(dy)), Math.min(Math.abs(dx), Math.abs(dy))];
  } else {
    if (direction.x < 0) dx = -dx;
    if (direction.y < 0) dy = -dy;
    const [ax, ay] = [Math.abs(direction.x), Math.abs(direction.y)];
    if (ay > ax) [dx, dy] = [dy, dx];
    table = Math.min(ax, ay) / Math.max(ax, ay) < DIAGONAL ? 0 : 1;
  }
  const [column, row] = [Math.round(dx / binM) + HALF, Math.round(dy / binM) + HALF];
  if (end.sizeM < sizeM) table += CLASSES;
  return { table, index: column < 0 || row < 0 || column >= SIDE || row >= SIDE ? -1 : row * SIDE + column };
}

/** Tangent of 22.5 degrees. */
const DIAGONAL = Math.SQRT2 - 1;
