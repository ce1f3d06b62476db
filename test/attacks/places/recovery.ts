import type { ObservedTrip, Publication } from '../replay/observed.ts';
import { metres, type Point } from '../traces/plane.ts';
import { ANCHORS, type Anchor } from '../truth/anchors.ts';
import type { Truth } from '../truth/truth.ts';
import { blindGuesses } from './blind.ts';
import { add, type EndLaw, emptyLaw, learn, without } from './end-law.ts';
import { ESTIMATORS, type Estimator, guess, type Knowledge } from './estimators.ts';
import { type TripEnds, tripEndsOf } from './trip-ends.ts';

export const RADII_M: readonly number[] = [200, 500, 1_000, 2_000];

/** How often a guess hit, by estimator and radius, over all fragments of one subject; NaN where nothing is to be hit. */
export type Hits = Readonly<Record<Estimator, readonly number[]>>;

export interface SubjectHits {
  readonly anchor: Anchor;
  readonly subject: number;
  readonly hits: Hits;
}

/**
 * Attacks every subject of a publication that has an anchor. The attacker knows the scheme, and has run other people's
 * public traces through it.
 *
 * @param fragments - parts of a subject's trips that the observer can join: all of them, or those of one tag
 */
export function attackPlaces(
  publication: Publication,
  truth: readonly Truth[],
  fragments: (trips: readonly ObservedTrip[]) => readonly (readonly ObservedTrip[])[],
): readonly SubjectHits[] {
  const lessons = publication.observations.map((observation, subject) =>
    study(tripEndsOf(observation, publication), truth[subject], publication.sizeM),
  );
  const total = emptyLaw(publication.sizeM);
  for (const { law } of lessons) add(total, law);
  return truth.flatMap((own, subject) => {
    const law = without(total, lessons[subject]?.law ?? emptyLaw(publication.sizeM));
    const beyondM = meanBeyond(lessons.filter((_, other) => other !== subject));
    const map = mapOf(truth, subject, law.binM);
    const parts = fragments(publication.observations[subject]?.trips ?? []).map((trips) =>
      tripEndsOf({ trips }, publication),
    );
    return ANCHORS.flatMap((anchor) => {
      const target = own.anchors[anchor];
      if (target === undefined) return [];
      const { sizeM, spanMs } = publication;
      const known = parts.map((ends): Knowledge => ({ ends, sizeM, spanMs, law, beyondM, map }));
      return [{ anchor, subject, hits: hitsOf(anchor, known, target) }];
    });
  });
}

/** Mean over the fragments that speak of the anchor at all; a subject of whom nothing left is no hit. */
function hitsOf(anchor: Anchor, parts: readonly Knowledge[], target: Point): Hits {
  const guesses = parts.flatMap((known) => guess(anchor, known, RADII_M) ?? []);
  const hits = ESTIMATORS.map((estimator) => [
    estimator,
    RADII_M.map((radiusM, index) => {
      const hit = guesses.filter((one) => metres(one[estimator][index] ?? NOWHERE, target) <= radiusM).length;
      return guesses.length === 0 ? 0 : hit / guesses.length;
    }),
  ]);
  return Object.fromEntries(hits) as Hits;
}

const NOWHERE: Point = { x: Number.POSITIVE_INFINITY, y: 0 };

interface Lesson {
  readonly law: EndLaw;
  readonly beyondM: readonly number[];
}

/** What one subject's public traces teach about the scheme. */
function study(ends: readonly TripEnds[], truth: Truth | undefined, sizeM: number): Lesson {
  const law = emptyLaw(sizeM);
  const beyondM: number[] = [];
  if (truth === undefined) return { law, beyondM };
  for (const own of ends) {
    const trip = truth.tripBehind(own, sizeM);
    if (trip === undefined) continue;
    const pairs = [
      [own.start, truth.pointAt(trip.first)],
      [own.end, truth.pointAt(trip.last)],
    ] as const;
    for (const [end, point] of pairs) {
      learn(law, end, point);
      const { direction } = end;
      if (direction !== undefined) beyondM.push((point.x - end.x) * direction.x + (point.y - end.y) * direction.y);
    }
  }
  return { law, beyondM };
}

function meanBeyond(lessons: readonly Lesson[]): number {
  const all = lessons.flatMap(({ beyondM }) => beyondM).sort((a, b) => a - b);
  return Math.max(0, all[all.length >> 1] ?? 0);
}

/** How many others stop near a spot, each of them counted by the logarithm of their stops. */
function mapOf(truth: readonly Truth[], victim: number, binM: number): (point: Point) => number {
  const counts = new Map<string, number>();
  for (const [subject, { stays }] of truth.entries()) {
    if (subject === victim) continue;
    const own = new Map<string, number>();
    for (const { x, y } of stays) {
      const key = `${Math.round(x / binM)}/${Math.round(y / binM)}`;
      own.set(key, (own.get(key) ?? 0) + 1);
    }
    for (const [key, count] of own) counts.set(key, (counts.get(key) ?? 0) + Math.log1p(count));
  }
  return ({ x, y }) => MAP_FLOOR + (counts.get(`${Math.round(x / binM)}/${Math.round(y / binM)}`) ?? 0);
}

/** A map does not know every place. */
const MAP_FLOOR = 0.2;

/** Whether the blind guess hits, by subject and radius: the better of both kinds of guess over all subjects. */
export function blindHits(anchor: Anchor, truth: readonly Truth[], radiusM: number): readonly (boolean | undefined)[] {
  const perKind = [0, 1].map((kind) =>
    truth.map(({ anchors }, subject) => {
      const target = anchors[anchor];
      if (target === undefined) return undefined;
      const others = truth.filter((_, other) => other !== subject);
      const guesses = blindGuesses(
        {
          anchors: others.flatMap((other) => other.anchors[anchor] ?? []),
          stops: others.flatMap(({ stays }) => distinct(stays)),
        },
        radiusM,
      );
      const guessed = guesses[kind];
      return guessed !== undefined && metres(guessed, target) <= radiusM;
    }),
  );
  const rate = (hits: readonly (boolean | undefined)[]): number => hits.filter((hit) => hit === true).length;
  const [live = [], stop = []] = perKind;
  return rate(live) >= rate(stop) ? live : stop;
}

/** One stop a place: those who log much do not outvote the others. */
function distinct(stays: readonly Point[]): readonly Point[] {
  const seen = new Map<string, Point>();
  for (const stay of stays) seen.set(`${Math.round(stay.x / 200)}/${Math.round(stay.y / 200)}`, stay);
  return [...seen.values()];
}
