import type { Point } from '../traces/plane.ts';

/** Places that an attacker weighs against each other: a square lattice about the strongest evidence. */
export interface Lattice {
  readonly originX: number;
  readonly originY: number;
  readonly stepM: number;
  readonly side: number;
}

export function latticeAbout(centre: Point, stepM: number, reachM: number): Lattice {
  const half = Math.ceil(reachM / stepM);
  // On a lattice that is the same for everybody, so that a map can be counted once.
  const snap = (value: number): number => (Math.round(value / stepM) - half) * stepM;
  return { originX: snap(centre.x), originY: snap(centre.y), stepM, side: 2 * half + 1 };
}

export function pointOf({ originX, originY, stepM, side }: Lattice, index: number): Point {
  return { x: originX + (index % side) * stepM, y: originY + Math.floor(index / side) * stepM };
}

export function fill({ originX, originY, stepM, side }: Lattice, density: (point: Point) => number): Float64Array {
  const values = new Float64Array(side * side);
  for (let index = 0; index < values.length; index += 1) {
    values[index] = density({ x: originX + (index % side) * stepM, y: originY + Math.floor(index / side) * stepM });
  }
  return values;
}

/** A larger disc than so many steps moves the best guess no more. */
const DISC_STEPS_MAX = 8;

/** Centre of the disc of a radius that holds most of the mass: the best guess where a hit is worth one and a miss nothing. */
export function bestDisc(lattice: Lattice, mass: Float64Array, radiusM: number): Point {
  const { side, stepM } = lattice;
  const reach = Math.min(DISC_STEPS_MAX, radiusM / stepM);
  const steps = Math.floor(reach);
  const halfWidths = Array.from({ length: steps + 1 }, (_, down) => Math.floor(Math.sqrt(reach * reach - down * down)));
  const sums = rowSums(mass, side);
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < mass.length; index += 1) {
    const [row, column] = [Math.floor(index / side), index % side];
    let sum = 0;
    for (let down = Math.max(-steps, -row); down <= Math.min(steps, side - 1 - row); down += 1) {
      const across = halfWidths[Math.abs(down)] ?? 0;
      const from = (row + down) * (side + 1);
      const [left, right] = [Math.max(0, column - across), Math.min(side - 1, column + across)];
      sum += (sums[from + right + 1] ?? 0) - (sums[from + left] ?? 0);
    }
    if (sum <= most) continue;
    most = sum;
    best = index;
  }
  return pointOf(lattice, best);
}

/** For each row, the mass before each column: a stretch of a row is then a difference. */
function rowSums(mass: Float64Array, side: number): Float64Array {
  const sums = new Float64Array(side * (side + 1));
  for (let row = 0; row < side; row += 1) {
    for (let column = 0; column < side; column += 1) {
      const at = row * (side + 1) + column;
      sums[at + 1] = (sums[at] ?? 0) + (mass[row * side + column] ?? 0);
    }
  }
  return sums;
}
