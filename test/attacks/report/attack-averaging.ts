import { seededChance } from '../../support/edge/seeded.ts';
import { commuters } from '../averaging/commuter.ts';
import { average, freshNoise, jitterOf, parkedFrames, plainCell, REPORTS } from '../averaging/parked.ts';
import { ESTIMATORS } from '../places/estimators.ts';
import { mean } from '../places/rates.ts';
import { attackPlaces } from '../places/recovery.ts';
import { type PresetName, publishPreset } from '../replay/life.ts';
import type { ObservedTrip } from '../replay/observed.ts';
import type { Point } from '../traces/plane.ts';
import type { SubjectSet } from '../traces/subjects.ts';
import { type Truth, truthOf } from '../truth/truth.ts';
import type { Report } from './report.ts';

const PLACES = 80;
const PARKED_PLACES = 10;
const DAYS = 60;
/** Long silences between reinstallations: ten days of two trips. */
const REINSTALL_EVERY = 20;

export interface AveragingOptions {
  readonly presets: readonly PresetName[];
  readonly directory: string;
  readonly seed: number;
}

/** Does a car that is seen ten thousand times tell more of its place than one that is seen once? */
export function tellAveraging(
  report: Report,
  people: SubjectSet,
  { presets, directory, seed }: AveragingOptions,
): void {
  const chance = seededChance(seed);
  const jitter = jitterOf(people.subjects);
  const places = placesAbout(people, chance);
  const baselines = [
    ['fresh noise of 1 km on average', freshNoise(jitter, 1_000)],
    ['plain cell of 1 km', plainCell(jitter, 1_000)],
  ] as const;
  for (const [name, way] of baselines) {
    const { within200First, within200All, medianErrorAllM } = average(places, way, chance);
    const note = `within 200 m: ${(100 * within200First).toFixed(0)} from one report, ${(100 * within200All).toFixed(0)} from ${REPORTS}; median error ${medianErrorAllM.toFixed(0)} m`;
    report.add({ name: `averaging, ${name}, gain`, value: within200All - within200First, note });
  }
  const { plane } = people;
  const parked = presets.map((preset) =>
    parkedFrames(places.slice(0, PARKED_PLACES), { preset, directory, plane, jitter, seed }, chance),
  );
  const note = `${PARKED_PLACES} places, ${REPORTS} reports each, restarted and reinstalled; ${presets.join(', ')}`;
  report.add({
    name: 'averaging, frames of a parked car',
    value: parked.reduce((sum, frames) => sum + frames, 0),
    note,
  });
  const cars = commuters(places, { days: DAYS, plane, jitter, chance });
  const truth = cars.subjects.map(truthOf);
  const days = (reinstallEvery?: number) => {
    const options = {
      preset: 'fleet',
      directory,
      seed: seed + 1_000 + (reinstallEvery ?? 0),
      shift: { x: 0, y: 0 },
    } as const;
    return publishPreset(cars, { ...options, ...(reinstallEvery === undefined ? {} : { reinstallEvery }) });
  };
  const [kept, lost] = [days(), days(REINSTALL_EVERY)];
  const one = within200(kept, truth, firstDay);
  const [all, allLost] = [kept, lost].map((publication) => within200(publication, truth, (trips) => [trips]));
  const gain = `fleet; home within 200 m: ${percent(one)} from one day, ${percent(all)} from ${DAYS}`;
  report.add({ name: 'averaging, many trips over one', value: Math.max(0, (all ?? 0) - one), note: gain });
  report.add({
    name: 'averaging, reinstallations over none',
    value: Math.max(0, (allLost ?? 0) - (all ?? 0)),
    note: `fleet; home within 200 m: ${percent(allLost)} with the place memory lost every ten days`,
  });
}

const percent = (share: number | undefined): string => (100 * (share ?? 0)).toFixed(0);

const firstDay = (trips: readonly ObservedTrip[]): readonly (readonly ObservedTrip[])[] => [
  trips.filter(({ tag }) => tag === trips[0]?.tag),
];

/** The best estimator's share of homes within 200 m. */
function within200(
  publication: ReturnType<typeof publishPreset>,
  truth: readonly Truth[],
  fragments: (trips: readonly ObservedTrip[]) => readonly (readonly ObservedTrip[])[],
): number {
  const hits = attackPlaces(publication, truth, fragments).filter(({ anchor }) => anchor === 'home');
  return Math.max(...ESTIMATORS.map((estimator) => mean(hits.map((one) => one.hits[estimator][0] ?? 0))));
}

/** Where no grid line is favoured: at random about the middle of the set. */
function placesAbout({ subjects }: SubjectSet, chance: () => number): readonly Point[] {
  const [first] = subjects;
  const middle = { x: first?.x[0] ?? 0, y: first?.y[0] ?? 0 };
  return Array.from({ length: PLACES }, () => ({
    x: middle.x + (chance() - 0.5) * SPREAD_M,
    y: middle.y + (chance() - 0.5) * SPREAD_M,
  }));
}

const SPREAD_M = 30_000;
