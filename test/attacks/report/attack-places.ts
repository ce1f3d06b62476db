import { bestRate, mean } from '../places/rates.ts';
import { attackPlaces, blindHits, RADII_M, type SubjectHits } from '../places/recovery.ts';
import { groupBy } from '../replay/group.ts';
import type { ObservedTrip, Publication } from '../replay/observed.ts';
import { ANCHORS } from '../truth/anchors.ts';
import type { Truth } from '../truth/truth.ts';
import type { Report } from './report.ts';

/** One way of publishing, under several origins of the grid. */
export interface Phases {
  readonly name: string;
  readonly publications: readonly Publication[];
}

const JOINED = (trips: readonly ObservedTrip[]): readonly (readonly ObservedTrip[])[] => [trips];
const BY_TAG = (trips: readonly ObservedTrip[]): readonly (readonly ObservedTrip[])[] => [
  ...groupBy(trips, ({ tag }) => tag).values(),
];

/** Homes and work places: on everybody and on those whom the blind guess misses, as the cloud and as a reader of tags. */
export function tellPlaces(
  report: Report,
  truth: readonly Truth[],
  baselines: readonly [Phases, Phases],
  presets: readonly Phases[],
  chance: () => number,
): void {
  const hitsOf = ({ publications }: Phases, by: typeof JOINED): readonly SubjectHits[] =>
    publications.flatMap((publication) => attackPlaces(publication, truth, by));
  const [raw, grid] = baselines.map((phases) => hitsOf(phases, JOINED));
  const seen = presets.flatMap((phases) => [
    { name: phases.name, hits: hitsOf(phases, JOINED) },
    { name: `${phases.name} by tag,`, hits: hitsOf(phases, BY_TAG) },
  ]);
  for (const anchor of ANCHORS) {
    for (const [radius, radiusM] of RADII_M.entries()) {
      const blind = blindHits(anchor, truth, radiusM);
      const blindRate = mean(blind.flatMap((hit) => (hit === undefined ? [] : [hit ? 1 : 0])));
      const isMissed = (subject: number): boolean => blind[subject] === false;
      const rate = (hits: readonly SubjectHits[] | undefined, counts: (subject: number) => boolean) =>
        bestRate(hits ?? [], anchor, radius, counts, chance);
      const where = `${anchor} <= ${radiusM < 1_000 ? `${radiusM} m` : `${radiusM / 1_000} km`}`;
      const everybody = (): boolean => true;
      const all = { raw: rate(raw, everybody), grid: rate(grid, everybody) };
      report.add({ name: `raw ${where}, all`, value: all.raw.rate, blind: blindRate });
      report.add({ name: `plain 1 km grid ${where}, all`, value: all.grid.rate, blind: blindRate });
      for (const { name, hits } of seen) {
        const own = rate(hits, isMissed);
        const note = `[${percent(own.low)}-${percent(own.high)}] of ${own.subjects}; all ${percent(rate(hits, everybody).rate)}; ${own.estimator}`;
        const value = own.rate;
        report.add({
          name: `${name} ${where}`,
          value,
          raw: rate(raw, isMissed).rate,
          grid: rate(grid, isMissed).rate,
          blind: 0,
          note,
        });
      }
    }
  }
}

const percent = (share: number): string => (100 * share).toFixed(0);
