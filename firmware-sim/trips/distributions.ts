import { DAY_MS } from '../../proto/words/time.ts';
import type { TripFound } from './find-trips.ts';

/** What is looked at of each trip, and of the stay after it. */
export const MEASURES = {
  lengthKm: ({ lengthM }: TripFound) => lengthM / 1_000,
  meanKmh: ({ meanKmh }: TripFound) => meanKmh,
  fastKmh: ({ fastKmh }: TripFound) => fastKmh,
  dwellMinutes: ({ until }: TripFound, next: TripFound | undefined) =>
    next === undefined ? undefined : (next.from - until) / 60_000,
} as const satisfies Readonly<Record<string, (trip: TripFound, next: TripFound | undefined) => number | undefined>>;

export type Measure = keyof typeof MEASURES;

/** One in ten, half, and nine in ten of the values are no greater. */
export interface Spread {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}

export type Distributions = Readonly<Record<Measure, Spread>>;

/** Least and greatest of each figure over vehicles, the outermost tenths left out. */
export type Ranges = Readonly<Record<Measure, Readonly<Record<keyof Spread, readonly [number, number]>>>>;

/** Fewer trips than this say nothing of a vehicle. */
export const TRIPS_MIN = 10;

/** How the trips of one vehicle are spread; undefined where there are too few. Stays of more than a week are absences. */
export function distributionsOf(trips: readonly TripFound[], tripsMin = TRIPS_MIN): Distributions | undefined {
  if (trips.length < tripsMin) return undefined;
  const spread = (measure: Measure): Spread => {
    const values = trips.flatMap((trip, index) => {
      const value = MEASURES[measure](trip, trips[index + 1]);
      return value === undefined || (measure === 'dwellMinutes' && !isStay(value)) ? [] : [value];
    });
    return spreadOf(values);
  };
  return everyMeasure(spread);
}

/** What vehicles have in common. */
export function rangesOf(vehicles: readonly Distributions[]): Ranges {
  const range = (measure: Measure, figure: keyof Spread): readonly [number, number] => {
    const { p10, p90 } = spreadOf(vehicles.map((one) => one[measure][figure]));
    return [p10, p90];
  };
  return everyMeasure((measure) => ({
    p10: range(measure, 'p10'),
    p50: range(measure, 'p50'),
    p90: range(measure, 'p90'),
  }));
}

/** The middle vehicle of a fleet, figure by figure. */
export function middleOf(vehicles: readonly Distributions[]): Distributions {
  const middle = (measure: Measure, figure: keyof Spread) => spreadOf(vehicles.map((one) => one[measure][figure])).p50;
  return everyMeasure((measure) => ({
    p10: middle(measure, 'p10'),
    p50: middle(measure, 'p50'),
    p90: middle(measure, 'p90'),
  }));
}

/** Figures that lie outside of their ranges: `lengthKm p50 31.2 not in 2.5..11.3`. */
export function outside(figures: Distributions, ranges: Ranges): readonly string[] {
  return (Object.keys(MEASURES) as Measure[]).flatMap((measure) =>
    FIGURES.flatMap((figure) => {
      const [value, [least, most]] = [figures[measure][figure], ranges[measure][figure]];
      return value >= least && value <= most
        ? []
        : [`${measure} ${figure} ${value.toFixed(1)} not in ${least}..${most}`];
    }),
  );
}

export const FIGURES = ['p10', 'p50', 'p90'] as const satisfies readonly (keyof Spread)[];

function everyMeasure<T>(of: (measure: Measure) => T): Readonly<Record<Measure, T>> {
  return {
    lengthKm: of('lengthKm'),
    meanKmh: of('meanKmh'),
    fastKmh: of('fastKmh'),
    dwellMinutes: of('dwellMinutes'),
  };
}

const isStay = (minutes: number): boolean => minutes >= STAY_MINUTES_MIN && minutes * 60_000 <= 7 * DAY_MS;
const STAY_MINUTES_MIN = 10;

/** To a tenth. */
function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (share: number) =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN) * 10) / 10;
  return { p10: at(0.1), p50: at(0.5), p90: at(0.9) };
}
