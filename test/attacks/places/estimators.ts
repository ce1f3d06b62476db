import type { Sighting } from '../replay/observed.ts';
import { metres, type Point } from '../traces/plane.ts';
import { type Anchor, overlapsOf } from '../truth/anchors.ts';
import { densityAt, type EndLaw } from './end-law.ts';
import { bestDisc, fill, latticeAbout } from './lattice.ts';
import { type Evidence, evidenceFor, type TripEnds } from './trip-ends.ts';

/** What an attacker knows of one victim, and has learnt from others. */
export interface Knowledge {
  readonly ends: readonly TripEnds[];
  readonly sizeM: number;
  readonly spanMs: number;
  /** Law of (true end - cell), given the direction; learnt from the public traces of others. */
  readonly law: EndLaw;
  /** Mean distance of the true end beyond the last cell along the way, metres; learnt as well. */
  readonly beyondM: number;
  /** Weight of a spot on the map of plausible places: where others stop. */
  readonly map: (point: Point) => number;
}

/** Guesses by estimator, and in each one for every radius. */
export type Guesses = Readonly<Record<Estimator, readonly Point[]>>;

export const ESTIMATORS = [
  'cell of most hours',
  'cell of most days',
  'cell seen most in the hours',
  'mean of trip ends',
  'extrapolated trip ends',
  'centre of the hole',
  'learned law, votes',
  'learned law, product',
  'learned law, days',
  'votes on the map',
  'product on the map',
] as const;

export type Estimator = (typeof ESTIMATORS)[number];

/** Guesses where the anchor of a victim lies; undefined when nothing that left speaks of it. */
export function guess(anchor: Anchor, known: Knowledge, radiiM: readonly number[]): Guesses | undefined {
  const evidence = merge(evidenceFor(anchor, known.ends, known.sizeM), known.law.binM);
  const top = heaviest(evidence, ({ hours }) => hours);
  if (top === undefined) return undefined;
  const near = evidence
    .filter(({ end }) => metres(end, top.end) <= reachOf(known.sizeM))
    .sort((a, b) => b.hours - a.hours)
    .slice(0, EVIDENCE_MAX);
  const lattice = latticeAbout(top.end, known.law.binM, reachOf(known.sizeM));
  const votes = fill(lattice, (point) => votesAt(near, known.law, point, ({ hours }) => hours));
  const product = normalise(fill(lattice, (point) => productAt(near, known.law, point)));
  const days = fill(lattice, (point) => votesAt(near, known.law, point, (one) => one.days));
  const hole = normalise(fill(lattice, (point) => holeAt(near, known.beyondM, known.sizeM, point)));
  const shifted = fill(lattice, (point) => shiftedAt(near, known, point));
  const map = fill(lattice, known.map);
  const same = (point: Point): readonly Point[] => radiiM.map(() => point);
  const discs = (mass: Float64Array): readonly Point[] => radiiM.map((radiusM) => bestDisc(lattice, mass, radiusM));
  return {
    'cell of most hours': same(top.end),
    'cell of most days': same(heaviest(evidence, (one) => one.days)?.end ?? top.end),
    'cell seen most in the hours': same(seenMost(anchor, known) ?? top.end),
    'mean of trip ends': same(meanOf(near, reachOf(known.sizeM) / 2, top.end)),
    'extrapolated trip ends': discs(shifted),
    'centre of the hole': discs(hole),
    'learned law, votes': discs(votes),
    'learned law, product': discs(product),
    'learned law, days': discs(days),
    'votes on the map': discs(votes.map((value, index) => value * (map[index] ?? 0))),
    'product on the map': discs(product.map((value, index) => value * (map[index] ?? 0))),
  };
}

/** Evidence farther than this from the strongest is of another place. */
const reachOf = (sizeM: number): number => Math.max(1_250, sizeM * 1.5);

/** What weighs least is left out. */
const EVIDENCE_MAX = 200;

/** Ends in one bin with one direction are one piece of evidence. */
function merge(evidence: readonly Evidence[], binM: number): readonly Evidence[] {
  const merged = new Map<string, Evidence>();
  for (const { end, hours, days } of evidence) {
    const { direction } = end;
    const octant = direction === undefined ? 'none' : Math.round(Math.atan2(direction.y, direction.x) / (Math.PI / 4));
    const key = `${Math.round(end.x / binM)}/${Math.round(end.y / binM)}/${octant}`;
    const known = merged.get(key);
    merged.set(key, { end: known?.end ?? end, hours: hours + (known?.hours ?? 0), days: days + (known?.days ?? 0) });
  }
  return [...merged.values()];
}

/** The evidence in whose cell most weight lies. */
function heaviest(evidence: readonly Evidence[], weight: (one: Evidence) => number): Evidence | undefined {
  const byCell = new Map<string, { readonly one: Evidence; readonly sum: number }>();
  for (const one of evidence) {
    const key = `${Math.round(one.end.x / CELL_ROUND_M)}/${Math.round(one.end.y / CELL_ROUND_M)}`;
    byCell.set(key, { one, sum: weight(one) + (byCell.get(key)?.sum ?? 0) });
  }
  return [...byCell.values()].sort((a, b) => b.sum - a.sum)[0]?.one;
}

/** Points of a raw trace that lie so near are one place. */
const CELL_ROUND_M = 200;

function seenMost(anchor: Anchor, { ends, spanMs }: Knowledge): Point | undefined {
  const days = new Map<string, { readonly sighting: Sighting; readonly days: Set<number> }>();
  for (const { trip } of ends) {
    for (const sighting of trip.sightings) {
      const key = `${Math.round(sighting.x / CELL_ROUND_M)}/${Math.round(sighting.y / CELL_ROUND_M)}`;
      const known = days.get(key) ?? { sighting, days: new Set<number>() };
      for (const { day } of overlapsOf(anchor, sighting.from, sighting.from + spanMs)) known.days.add(day);
      days.set(key, known);
    }
  }
  const most = [...days.values()].sort((a, b) => b.days.size - a.days.size)[0];
  return most === undefined || most.days.size === 0 ? undefined : most.sighting;
}

function meanOf(evidence: readonly Evidence[], withinM: number, about: Point): Point {
  let [x, y, sum] = [0, 0, 0];
  for (const { end, hours } of evidence) {
    if (metres(end, about) > withinM) continue;
    x += end.x * hours;
    y += end.y * hours;
    sum += hours;
  }
  return sum === 0 ? about : { x: x / sum, y: y / sum };
}

/** Every silence votes with its hours for where its end may be: the anchor need not explain all of them. */
function votesAt(evidence: readonly Evidence[], law: EndLaw, point: Point, weight: (one: Evidence) => number): number {
  return evidence.reduce((sum, one) => sum + weight(one) * densityAt(law, one.end, point), 0);
}

/** One place explains all silences, each trip a witness of its own. */
function productAt(evidence: readonly Evidence[], law: EndLaw, point: Point): number {
  return evidence.reduce(
    (sum, one) => sum + Math.min(one.days, WITNESS_MAX) * Math.log(densityAt(law, one.end, point)),
    0,
  );
}

/** Witnesses of one cell and direction repeat each other. */
const WITNESS_MAX = 3;

/** All ends lie on the rim of a disc about the anchor. */
function holeAt(evidence: readonly Evidence[], beyondM: number, sizeM: number, point: Point): number {
  const spreadM = Math.max(100, sizeM / 2);
  return evidence.reduce((sum, { end, days }) => {
    const off = (metres(end, point) - beyondM) / spreadM;
    return sum - Math.min(days, WITNESS_MAX) * Math.min(off * off, OUTLIER);
  }, 0);
}

const OUTLIER = 9;

function shiftedAt(evidence: readonly Evidence[], { beyondM, sizeM }: Knowledge, point: Point): number {
  const spreadM = Math.max(100, sizeM / 4);
  return evidence.reduce((sum, { end, hours }) => {
    const { x, y } = end.direction ?? { x: 0, y: 0 };
    const off = metres({ x: end.x + x * beyondM, y: end.y + y * beyondM }, point) / spreadM;
    return sum + hours * Math.exp(-off * off);
  }, 0);
}

/** Logarithms to a mass of sum 1. */
function normalise(logs: Float64Array): Float64Array {
  const most = logs.reduce((max, value) => Math.max(max, value), Number.NEGATIVE_INFINITY);
  const mass = logs.map((value) => Math.exp(value - most));
  const sum = mass.reduce((total, value) => total + value, 0);
  return mass.map((value) => value / sum);
}
