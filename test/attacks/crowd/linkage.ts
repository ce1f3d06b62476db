import { groupBy } from '../replay/group.ts';
import type { ObservedTrip, Publication, Sighting } from '../replay/observed.ts';
import { metres } from '../traces/plane.ts';
import { DAY_MS, dayOf } from './utility.ts';

export interface Linkage {
  /** Share of fragments of week A whose owner's week B was ranked first. */
  readonly top1: number;
  /** Share of tags whose successor was found by continuity of place. */
  readonly chain: number;
  readonly fragments: number;
  readonly candidates: number;
}

/** Active days of a week. */
const WEEK_DAYS = 7;

/**
 * One tag of week A against every subject's week B. Tags of nothing are left out, so strong suppression looks no better than
 * it is; of the ways to compare, the one that succeeds most is told.
 */
export function linkWeeks(publication: Publication): Linkage {
  const weeks = publication.observations.map(({ trips }) => {
    const days = [...groupBy(trips, timeOf).keys()].sort((a, b) => a - b);
    const [a, b] = [new Set(days.slice(0, WEEK_DAYS)), new Set(days.slice(WEEK_DAYS, 2 * WEEK_DAYS))];
    return { a: trips.filter((trip) => a.has(timeOf(trip))), b: trips.filter((trip) => b.has(timeOf(trip))) };
  });
  const profiles = weeks.map(({ b }) => profileOf(b.flatMap(({ sightings }) => sightings)));
  const queries = weeks.flatMap(({ a }, owner) =>
    [...groupBy(a, ({ tag }) => tag).values()].map((trips) => ({
      owner,
      sightings: trips.flatMap((trip) => trip.sightings),
    })),
  );
  const rates = KEYS.map((_, key) => {
    const hits = queries.filter(({ owner, sightings }) => best(sightings, profiles, key) === owner);
    return queries.length === 0 ? 0 : hits.length / queries.length;
  });
  const candidates = profiles.filter((profile) => profile.some((counts) => counts.size > 0)).length;
  return { top1: Math.max(0, ...rates), chain: chainOf(publication), fragments: queries.length, candidates };
}

const timeOf = ({ sightings }: ObservedTrip): number => dayOf(sightings[0]?.from ?? 0);

/** Ways to say that two sightings are alike: place, place and hour, place and part of the day. */
const KEYS: readonly ((sighting: Sighting) => string)[] = [
  ({ x, y }) => `${Math.round(x / 50)}/${Math.round(y / 50)}`,
  ({ x, y, from }) => `${Math.round(x / 50)}/${Math.round(y / 50)}/${Math.floor((from % DAY_MS) / 3_600_000)}`,
  ({ x, y, from }) => `${Math.round(x / 50)}/${Math.round(y / 50)}/${Math.floor((from % DAY_MS) / (6 * 3_600_000))}`,
];

type Profile = readonly ReadonlyMap<string, number>[];

function profileOf(sightings: readonly Sighting[]): Profile {
  return KEYS.map((keyOf) => {
    const groups = [...groupBy(sightings, keyOf)];
    return new Map(groups.map(([key, own]) => [key, own.length / sightings.length]));
  });
}

/** Naive Bayes: rare places weigh most. */
function best(sightings: readonly Sighting[], profiles: readonly Profile[], key: number): number {
  const keyOf = KEYS[key];
  if (keyOf === undefined) return -1;
  let found = -1;
  let most = Number.NEGATIVE_INFINITY;
  for (const [candidate, profile] of profiles.entries()) {
    const counts = profile[key];
    if (counts === undefined || counts.size === 0) continue;
    const score = sightings.reduce((sum, sighting) => sum + Math.log((counts.get(keyOf(sighting)) ?? 0) + UNSEEN), 0);
    if (score <= most) continue;
    most = score;
    found = candidate;
  }
  return found;
}

const UNSEEN = 0.001;

/** For every tag: of all subjects' next tags, is the one that begins nearest to where it ended its own? */
function chainOf({ observations }: Publication): number {
  const tags = observations.map(({ trips }) => [...groupBy(trips, ({ tag }) => tag).values()]);
  let [hits, asked] = [0, 0];
  for (const [owner, own] of tags.entries()) {
    for (let index = 0; index + 1 < own.length; index += 1) {
      const last = own[index]?.at(-1)?.sightings ?? [];
      const nearest = tags
        .map((other, candidate) => ({ candidate, apart: apartOf(last, other[index + 1]?.[0]?.sightings ?? []) }))
        .reduce((a, b) => (b.apart < a.apart ? b : a));
      asked += 1;
      if (nearest.candidate === owner) hits += 1;
    }
  }
  return asked === 0 ? 0 : hits / asked;
}

function apartOf(a: readonly Sighting[], b: readonly Sighting[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const one of a) for (const other of b) least = Math.min(least, metres(one, other));
  return least;
}
