import { groupBy } from '../replay/group.ts';
import type { Publication } from '../replay/observed.ts';
import { DAY_MS, dayOf } from './utility.ts';

export interface Unicity {
  /** Share of all subject-days that the observations single out. */
  readonly ofAll: number;
  /** The same of those days of which anything was published. */
  readonly ofPublished: number;
  /** Subject-days in the crowd. */
  readonly crowd: number;
}

/**
 * Share of subject-days singled out by `known` random published observations (cell, time of day), when all days are folded
 * into one day of as many vehicles. Dates apart would single out everybody, and a fleet has one date.
 *
 * @param days - subject-days of the raw traces, the crowd
 */
export function unicityOf(publication: Publication, days: number, known: number, chance: () => number): Unicity {
  const units = publication.observations.flatMap(({ trips }) => {
    const sightings = trips.flatMap((trip) => trip.sightings);
    return [...groupBy(sightings, ({ from }) => dayOf(from)).values()].map(
      (own) => new Set(own.map(({ x, y, from }) => `${Math.round(x)}/${Math.round(y)}/${from % DAY_MS}`)),
    );
  });
  const holders = new Map<string, number[]>();
  for (const [unit, points] of units.entries()) {
    for (const point of points) holders.set(point, [...(holders.get(point) ?? []), unit]);
  }
  let unique = 0;
  for (const points of units) {
    const picked = pick([...points], known, chance);
    const [first = [], ...rest] = picked.map((point) => holders.get(point) ?? []);
    const sets = rest.map((held) => new Set(held));
    if (first.filter((unit) => sets.every((held) => held.has(unit))).length === 1) unique += 1;
  }
  return { ofAll: unique / days, ofPublished: units.length === 0 ? 0 : unique / units.length, crowd: days };
}

/** So many values at random, or all there are. */
function pick<T>(values: T[], count: number, chance: () => number): readonly T[] {
  const left = [...values];
  const picked: T[] = [];
  while (picked.length < count && left.length > 0) picked.push(...left.splice(Math.floor(chance() * left.length), 1));
  return picked;
}
