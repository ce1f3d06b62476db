import type { Point } from '../traces/plane.ts';
import type { Subject, SubjectSet } from '../traces/subjects.ts';
import type { TrueTrip } from '../truth/trips.ts';
import type { Observation, ObservedTrip, Publication, Sighting } from './observed.ts';

export interface Baseline {
  readonly name: string;
  /** 0 publishes points. */
  readonly sizeM: number;
  readonly spanMs: number;
}

/** What the attacks have to succeed on, or they say nothing about the presets. */
export const RAW: Baseline = { name: 'raw', sizeM: 0, spanMs: 60_000 };
export const PLAIN_GRID: Baseline = { name: 'plain 1 km grid', sizeM: 1_000, spanMs: 15 * 60_000 };

/** Publishes every fix of every trip, and of the stand after it, at most once a span and cell: no trimming, one tag. */
export function publishBaseline(
  set: SubjectSet,
  trips: readonly (readonly TrueTrip[])[],
  baseline: Baseline,
  shift: Point,
): Publication {
  const observations = set.subjects.map((subject, index) => observe(subject, trips[index] ?? [], baseline, shift));
  return { ...baseline, observations };
}

function observe(subject: Subject, trips: readonly TrueTrip[], baseline: Baseline, shift: Point): Observation {
  const observed = trips.map(({ first, last, to }): ObservedTrip => {
    const seen = new Map<string, Sighting>();
    for (let index = first; index <= last; index += 1) {
      const sighting = sightingOf(subject, index, baseline, shift);
      const key = keyOf(sighting, baseline, index === last);
      if (!seen.has(key)) seen.set(key, sighting);
    }
    return { tag: subject.name, arrivedAt: to, sightings: [...seen.values()] };
  });
  return { trips: observed, rows: [] };
}

function sightingOf({ at, x, y }: Subject, index: number, { sizeM, spanMs }: Baseline, shift: Point): Sighting {
  const from = Math.floor((at[index] ?? 0) / spanMs) * spanMs;
  const floor = (value: number, by: number): number =>
    sizeM === 0 ? value : (Math.floor((value + by) / sizeM) + 0.5) * sizeM - by;
  return { from, sizeM, x: floor(x[index] ?? 0, shift.x), y: floor(y[index] ?? 0, shift.y) };
}

/** Points: the first of each span, and the last of the trip. Cells: each once a span. */
function keyOf({ from, x, y }: Sighting, { sizeM }: Baseline, isLast: boolean): string {
  if (sizeM === 0) return isLast ? 'last' : String(from);
  return `${from}/${Math.round(x)}/${Math.round(y)}`;
}
