import type { NonEmpty } from '../../proto/words/result.ts';

/** What kind of road a piece of a route runs along. */
export interface Road {
  /** Limits of long straight pieces and of short ones, km/h; one is drawn for each piece. */
  readonly fastKmh: NonEmpty<number>;
  readonly slowKmh: NonEmpty<number>;
  /** Between crossings with lights, at most, metres. */
  readonly crossingM: number;
  /** Share of crossings at which a vehicle has to wait. */
  readonly redLight: number;
}

// biome-ignore format: one class a line
export const ROAD_CLASSES = {
  street:   { fastKmh: [30, 40],       slowKmh: [20, 30, 40], crossingM: 800,   redLight: 0.35 },
  arterial: { fastKmh: [50, 60, 70],   slowKmh: [40, 50, 60], crossingM: 800,   redLight: 0.45 },
  ring:     { fastKmh: [80],           slowKmh: [60, 70, 80], crossingM: 5_000, redLight: 0.2 },
  motorway: { fastKmh: [100, 110, 120], slowKmh: [60, 80],    crossingM: 5_000, redLight: 0 },
} as const satisfies Readonly<Record<string, Road>>;

export type RoadClass = keyof typeof ROAD_CLASSES;

/** What a driver who knows the city reckons with, lights and all, km/h. */
export const EXPECTED_KMH: Readonly<Record<RoadClass, number>> = { street: 18, arterial: 28, ring: 36, motorway: 90 };
