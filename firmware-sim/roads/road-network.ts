import { BLOCK_M, CITY_REACH_M } from '../city.ts';
import { createPrng, type Prng } from '../prng.ts';
import type { District } from './districts.ts';
import type { RoadClass } from './road-classes.table.ts';

/** Where roads meet, and the roads between; of a fictional city, laid from its seed. Metres along and across its streets. */
export interface RoadNetwork {
  readonly junctions: readonly Junction[];
  /** Roads that leave each junction. Every road is driven both ways. */
  readonly from: readonly (readonly RoadLink[])[];
}

export interface Junction {
  readonly alongM: number;
  readonly acrossM: number;
}

export interface RoadLink {
  readonly to: number;
  readonly by: RoadClass;
  readonly lengthM: number;
}

/**
 * A grid that grew: junctions off their lines, streets that were never built, every fourth one an arterial, a ring, a river
 * that only arterials cross, and a motorway to each town. Every junction can be reached: streets are left out along one
 * direction only, and arterials join the lines of the other on both banks.
 */
export function layRoads(seed: string, districts: readonly District[]): RoadNetwork {
  const prng = createPrng(`${seed}/roads`);
  const draft: Draft = { junctions: [], from: [] };
  const city = layGrid(draft, { alongM: 0, acrossM: 0, reachM: CITY_REACH_M }, prng);
  for (const town of districts.filter(({ kind }) => kind === 'town')) {
    const grid = layGrid(draft, town, prng);
    const side = town.alongM > 0 ? city.lines - 1 - RING_LINE : RING_LINE;
    layMotorway(draft, [city.at(middleOf(city), side), grid.at(middleOf(grid), middleOf(grid))], prng);
  }
  return draft;
}

interface Draft {
  readonly junctions: Junction[];
  readonly from: RoadLink[][];
}

interface Grid {
  readonly lines: number;
  /** Ordinal of the junction of two lines. */
  readonly at: (row: number, column: number) => number;
}

const middleOf = ({ lines }: Grid): number => (lines - 1) / 2;

function layGrid(draft: Draft, area: Junction & { readonly reachM: number }, prng: Prng): Grid {
  const lines = (2 * area.reachM) / BLOCK_M + 1;
  const first = draft.junctions.length;
  const at = (row: number, column: number) => first + row * lines + column;
  const bank = Math.round(lines * prng.between(0.35, 0.65));
  const isCity = area.reachM === CITY_REACH_M;
  for (let row = 0; row < lines; row += 1) {
    for (let column = 0; column < lines; column += 1) {
      addJunction(draft, {
        alongM: area.alongM - area.reachM + column * BLOCK_M + prng.between(-UNEVEN_M, UNEVEN_M),
        acrossM: area.acrossM - area.reachM + row * BLOCK_M + prng.between(-UNEVEN_M, UNEVEN_M),
      });
    }
  }
  for (let row = 0; row < lines; row += 1) {
    for (let column = 0; column < lines; column += 1) {
      const isOver = isCity && row === bank && classOf(column, { crossing: row, lines, isCity }) === 'street';
      if (row + 1 < lines && !isOver)
        addRoad(draft, at(row, column), at(row + 1, column), classOf(column, { crossing: row, lines, isCity }));
      const by = classOf(row, { crossing: column, lines, isCity });
      const isBuilt = by !== 'street' || !prng.chance(NEVER_BUILT);
      if (column + 1 < lines && isBuilt) addRoad(draft, at(row, column), at(row, column + 1), by);
    }
  }
  return { lines, at };
}

/** Class of the road on a line between a crossing line and the next. */
function classOf(
  line: number,
  { crossing, lines, isCity }: { readonly crossing: number; readonly lines: number; readonly isCity: boolean },
): RoadClass {
  const isRing = line === RING_LINE || line === lines - 1 - RING_LINE;
  if (isCity && isRing && crossing >= RING_LINE && crossing < lines - 1 - RING_LINE) return 'ring';
  return line % ARTERIAL_EVERY === 0 ? 'arterial' : 'street';
}

/** Straight but for some bends, with a junction each few kilometres. */
function layMotorway({ junctions, from }: Draft, [start, end]: readonly [number, number], prng: Prng): void {
  const [a, b] = [junctions[start], junctions[end]];
  if (a === undefined || b === undefined) return;
  const pieces = Math.ceil(Math.hypot(b.alongM - a.alongM, b.acrossM - a.acrossM) / EXIT_EVERY_M);
  let last = start;
  for (let piece = 1; piece < pieces; piece += 1) {
    const bend = () => prng.between(-BEND_M, BEND_M);
    addJunction(
      { junctions, from },
      {
        alongM: a.alongM + ((b.alongM - a.alongM) * piece) / pieces + bend(),
        acrossM: a.acrossM + ((b.acrossM - a.acrossM) * piece) / pieces + bend(),
      },
    );
    addRoad({ junctions, from }, last, junctions.length - 1, 'motorway');
    last = junctions.length - 1;
  }
  addRoad({ junctions, from }, last, end, 'motorway');
}

function addJunction({ junctions, from }: Draft, junction: Junction): void {
  junctions.push(junction);
  from.push([]);
}

function addRoad({ junctions, from }: Draft, one: number, other: number, by: RoadClass): void {
  const [a, b] = [junctions[one], junctions[other]];
  if (a === undefined || b === undefined) return;
  const lengthM = Math.hypot(b.alongM - a.alongM, b.acrossM - a.acrossM);
  from[one]?.push({ to: other, by, lengthM });
  from[other]?.push({ to: one, by, lengthM });
}

const UNEVEN_M = 40;
const NEVER_BUILT = 0.18;
const ARTERIAL_EVERY = 4;
/** Which line from the edge of the city carries the ring. */
const RING_LINE = 8;
const EXIT_EVERY_M = 5_000;
const BEND_M = 600;
