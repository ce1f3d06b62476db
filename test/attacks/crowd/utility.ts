import type { Publication } from '../replay/observed.ts';
import type { Point } from '../traces/plane.ts';
import type { Subject } from '../traces/subjects.ts';
import type { TrueTrip } from '../truth/trips.ts';
import type { Truth } from '../truth/truth.ts';

/** Shares kept of what motorised trips drove. */
export interface Kept {
  /** Of the kilometres: those driven in a cell that the vehicle published for that day. */
  readonly km: number;
  /** Of the trips: those with a part in such a cell. */
  readonly trips: number;
}

export const DAY_MS = 24 * 3_600_000;
const SHANGHAI_MS = 8 * 3_600_000;
export const dayOf = (at: number): number => Math.floor((at + SHANGHAI_MS) / DAY_MS);

/** A cell is left only so far outside of it, so it stands for so much more. */
const STICKY_M = 250;
/** The way is measured from minute to minute: from second to second it would measure jitter. */
const STEP_MS = 60_000;

export function keptBy(publication: Publication, subjects: readonly Subject[], truth: readonly Truth[]): Kept {
  let [m, keptM, trips, keptTrips] = [0, 0, 0, 0];
  for (const [index, subject] of subjects.entries()) {
    const cells = cellsByDay(publication, index);
    for (const trip of truth[index]?.trips ?? []) {
      if (!trip.isMotorised) continue;
      let isKept = false;
      for (const step of stepsOf(subject, trip)) {
        m += step.m;
        const isIn = (cells.get(dayOf(step.at)) ?? []).some(
          ({ x, y, halfM }) => Math.abs(x - step.x) <= halfM && Math.abs(y - step.y) <= halfM,
        );
        if (!isIn) continue;
        keptM += step.m;
        isKept = true;
      }
      trips += 1;
      if (isKept) keptTrips += 1;
    }
  }
  return { km: keptM / m, trips: keptTrips / trips };
}

interface Reach extends Point {
  /** Half of the edge, and what sticks to the cell. */
  readonly halfM: number;
}

function cellsByDay(publication: Publication, subject: number): ReadonlyMap<number, readonly Reach[]> {
  const cells = new Map<number, Reach[]>();
  const seen = new Set<string>();
  for (const { sightings } of publication.observations[subject]?.trips ?? []) {
    for (const { x, y, from, sizeM } of sightings) {
      const cell = { x, y, halfM: sizeM / 2 + STICKY_M };
      const day = dayOf(from);
      const key = `${day}/${Math.round(x)}/${Math.round(y)}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const known = cells.get(day);
      if (known === undefined) cells.set(day, [cell]);
      else known.push(cell);
    }
  }
  return cells;
}

function* stepsOf({ at, x, y }: Subject, { first, last }: TrueTrip) {
  let before = first;
  for (let fix = first + 1; fix <= last; fix += 1) {
    if ((at[fix] ?? 0) - (at[before] ?? 0) < STEP_MS && fix !== last) continue;
    const [px, py] = [x[fix] ?? 0, y[fix] ?? 0];
    yield { at: at[fix] ?? 0, x: px, y: py, m: Math.hypot(px - (x[before] ?? 0), py - (y[before] ?? 0)) };
    before = fix;
  }
}

/** What rows sum to against what was driven, relative error; classes stand for their geometric middle. */
export function rowSums(
  publication: Publication,
  truth: readonly Truth[],
): { readonly counted: number; readonly km: number; readonly hours: number } {
  const rows = publication.observations.flatMap((observation) => observation.rows);
  const trips = truth.flatMap((one) => one.trips);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const middle = (unit: number, index: number): number => (index === 0 ? unit / 2 : unit * 2 ** (index - 0.5));
  return {
    counted: rows.length / trips.length,
    km: sum(rows.map((row) => middle(0.5, row.distanceClass))) / sum(trips.map(({ lengthM }) => lengthM / 1_000)) - 1,
    hours:
      sum(rows.map((row) => middle(5, row.durationClass))) / sum(trips.map(({ from, to }) => (to - from) / 60_000)) - 1,
  };
}
