import { metres, type Point } from '../traces/plane.ts';

/** A place where nothing geographic may be published. */
export interface Disc extends Point {
  readonly radiusM: number;
}

/** How often a cell was visited, by subject and day. */
export interface Visits extends Point {
  readonly count: number;
}

export const FENCE_RADIUS_M = 1_500;
/** A fence lies where the roads are busy; elsewhere nobody would see a hole. */
const BUSIEST = 0.15;
const SQUARE_M = 1_000;
const DRAWS_MAX = 10_000;

/** The busiest squares: where a fence would be missed. */
export function busiest(squares: readonly Visits[]): readonly Visits[] {
  return [...squares].sort((a, b) => b.count - a.count).slice(0, Math.ceil(squares.length * BUSIEST));
}

/** Discs at random in busy squares, more than two radii apart, or their holes would run together and betray the group. */
export function drawDiscs(busy: readonly Visits[], count: number, chance: () => number): readonly Disc[] {
  const discs: Disc[] = [];
  for (let draw = 0; discs.length < count && draw < DRAWS_MAX; draw += 1) {
    const square = busy[Math.floor(chance() * busy.length)];
    if (square === undefined) break;
    const disc = {
      x: square.x + (chance() - 0.5) * SQUARE_M,
      y: square.y + (chance() - 0.5) * SQUARE_M,
      radiusM: FENCE_RADIUS_M,
    };
    if (discs.every((other) => metres(other, disc) > 2 * FENCE_RADIUS_M)) discs.push(disc);
  }
  return discs;
}

/** Whether a cell's square, and a margin about it, meets the disc. */
export function touches(disc: Disc, cell: Point, sizeM: number, marginM: number): boolean {
  const half = sizeM / 2;
  const dx = Math.max(0, Math.abs(disc.x - cell.x) - half);
  const dy = Math.max(0, Math.abs(disc.y - cell.y) - half);
  return Math.hypot(dx, dy) <= disc.radiusM + marginM;
}
