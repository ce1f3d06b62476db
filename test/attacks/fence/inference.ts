import { groupBy } from '../replay/group.ts';
import { type Publication, placeKey } from '../replay/observed.ts';
import { metres, type Point } from '../traces/plane.ts';
import { drawDiscs, FENCE_RADIUS_M, type Visits } from './discs.ts';
import type { FenceScheme, Suppression } from './schemes.ts';

/** `history`: has the counts from before the fence. `published`: has only what is published, and guesses from the cells around. */
export type FenceAttacker = 'history' | 'published';

export interface FenceResult {
  readonly inside: number;
  readonly medianErrorM: number;
  /** Share of visits that the scheme costs. */
  readonly lost: number;
}

export function visitsOf(publication: Publication): readonly Visits[] {
  const seen = new Set<string>();
  const sightings = publication.observations.flatMap(({ trips }, subject) =>
    trips.flatMap((trip) => trip.sightings.map((sighting) => ({ subject, ...sighting }))),
  );
  const distinct = sightings.filter(({ subject, x, y, from }) => {
    const key = `${subject}/${Math.round(x)}/${Math.round(y)}/${Math.floor(from / DAY_MS)}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  const groups = groupBy(distinct, ({ x, y }) => `${Math.round(x)}/${Math.round(y)}`);
  return [...groups.values()].flatMap((own) => own.slice(0, 1).map(({ x, y }) => ({ x, y, count: own.length })));
}

const DAY_MS = 24 * 3_600_000;

export interface FenceCase extends Omit<Suppression, 'fence'> {
  readonly draws: number;
}

/** Share of fences whose disc holds the attacker's guess, over so many draws. */
export function inferFences(scheme: FenceScheme, attacker: FenceAttacker, given: FenceCase): FenceResult {
  const { cells, sizeM, squares, draws, chance } = given;
  const errors: number[] = [];
  const all = sumOf(cells);
  let lost = 0;
  for (let draw = 0; draw < draws; draw += 1) {
    const [fence] = drawDiscs(squares, 1, chance);
    if (fence === undefined) break;
    const left = scheme.suppress({ ...given, fence });
    lost += 1 - sumOf(left) / all;
    const expected = attacker === 'history' ? cells : expectedFrom(left, sizeM);
    errors.push(metres(guessFence(expected, left, sizeM, chance), fence));
  }
  errors.sort((a, b) => a - b);
  return {
    inside: errors.filter((error) => error <= FENCE_RADIUS_M).length / errors.length,
    medianErrorM: errors[errors.length >> 1] ?? Number.NaN,
    lost: lost / draws,
  };
}

const sumOf = (cells: readonly Visits[]): number => cells.reduce((sum, { count }) => sum + count, 0);

/** Chance of whoever knows the roads and nothing of the fence: the disc that holds most of where a fence may lie. */
export function blindFence(squares: readonly Visits[], draws: number, chance: () => number): number {
  const fences = Array.from({ length: draws }, () => drawDiscs(squares, 1, chance)).flat();
  const inside = (point: Point): number => fences.filter((fence) => metres(point, fence) <= FENCE_RADIUS_M).length;
  return Math.max(0, ...fences.map(inside)) / fences.length;
}

/**
 * What a reader without history takes for usual: an empty cell with busy ones on all sides would be as busy as they. Cells
 * with an open side lie at the rim of the city and tell nothing.
 */
function expectedFrom(left: readonly Visits[], sizeM: number): readonly Visits[] {
  const origin = left[0] ?? { x: 0, y: 0 };
  const keyOf = ({ x, y }: Point): number =>
    Math.round((x - origin.x) / sizeM) * ROWS + Math.round((y - origin.y) / sizeM);
  const here = new Map(left.map((cell) => [keyOf(cell), cell.count]));
  const empty = new Map<number, Visits>();
  for (const cell of left) {
    for (const [dx, dy] of [...AROUND, ...AROUND.map(([ax, ay]) => [2 * ax, 2 * ay] as const)]) {
      const place = { x: cell.x + dx * sizeM, y: cell.y + dy * sizeM };
      const key = keyOf(place);
      if (here.has(key) || empty.has(key)) continue;
      empty.set(key, { ...place, count: usualAt(key, here) });
    }
  }
  return [...empty.values()].sort((a, b) => b.count - a.count).slice(0, EMPTY_MAX);
}

/** Mean of the first cells that are there in each direction; 0 when one of them has none in sight. */
function usualAt(key: number, here: ReadonlyMap<number, number>): number {
  let sum = 0;
  for (const [dx, dy] of AROUND) {
    let found: number | undefined;
    for (let step = 1; step <= SIGHT_CELLS && found === undefined; step += 1) {
      found = here.get(key + step * (dx * ROWS + dy));
    }
    if (found === undefined) return 0;
    sum += found;
  }
  return sum / AROUND.length;
}

const ROWS = 1_000_000;
/** A hole of one fence is no wider. */
const SIGHT_CELLS = 5;
/** So many of the most striking empty cells are looked at. */
const EMPTY_MAX = 60;

const AROUND: readonly (readonly [number, number])[] = [-1, 0, 1].flatMap((dx) =>
  [-1, 0, 1].filter((dy) => dx !== 0 || dy !== 0).map((dy) => [dx, dy] as const),
);

/**
 * The disc in which most of what was expected is missing. Of holes that miss alike the attacker picks one at random, for he
 * knows that decoys are drawn like fences.
 */
function guessFence(expected: readonly Visits[], left: readonly Visits[], sizeM: number, chance: () => number): Point {
  const here = new Set(left.map(placeKey));
  const missing = expected.filter((cell) => cell.count > 0 && !here.has(placeKey(cell)));
  const holes = holesOf(missing, sizeM);
  return holes[Math.floor(chance() * holes.length)] ?? { x: 0, y: 0 };
}

/** Connected cells that are missing; a hole is as likely a fence as its loss is large, up to what one fence can cost. */
function holesOf(missing: readonly Visits[], sizeM: number): readonly Point[] {
  const left = new Set(missing);
  const holes: { readonly centre: Point; readonly count: number }[] = [];
  for (const seed of missing) {
    if (!left.delete(seed)) continue;
    const members = [seed];
    for (const member of members) {
      for (const other of left) {
        if (metres(member, other) > 1.5 * sizeM || !left.delete(other)) continue;
        members.push(other);
      }
    }
    const count = sumOf(members);
    holes.push({ centre: middleOf(members), count });
  }
  const most = Math.max(0, ...holes.map(({ count }) => count));
  return holes.filter(({ count }) => count >= most * HOLE_SHARE).map(({ centre }) => centre);
}

/** Emptier spots are chance. */
const HOLE_SHARE = 0.05;

/** Middle of the hole's bounds: its shape tells more than its weights. */
function middleOf(cells: readonly Visits[]): Point {
  const middle = (values: readonly number[]): number => (Math.min(...values) + Math.max(...values)) / 2;
  return { x: middle(cells.map(({ x }) => x)), y: middle(cells.map(({ y }) => y)) };
}
