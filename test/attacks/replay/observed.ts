import type { TripRow } from '../../../proto/codec/telemetry-codec.ts';
import type { Point } from '../traces/plane.ts';

/** The subject was within this cell, or at this point, at some time of a span. */
export interface Sighting extends Point {
  /** Begin of the span, milliseconds UTC. */
  readonly from: number;
  /** Edge of the cell, metres; 0 for a point. */
  readonly sizeM: number;
}

/** What left together: one trip, as far as the observer can tell. */
export interface ObservedTrip {
  readonly tag: string;
  /** When it reached the cloud, milliseconds UTC; undefined where it was held back by chance and says nothing. */
  readonly arrivedAt: number | undefined;
  /** In the order in which they came. */
  readonly sightings: readonly Sighting[];
}

/**
 * Everything that left one vehicle, as the cloud has it: mutual TLS names the vehicle, so tags of one vehicle are joined.
 * Whoever stands behind the cloud sees tags only.
 */
export interface Observation {
  readonly trips: readonly ObservedTrip[];
  readonly rows: readonly TripRow[];
}

/** One way of publishing the traces of a set: a preset of the product, or a baseline. */
export interface Publication {
  readonly name: string;
  /** Edge of the largest cell, metres; 0 for points. */
  readonly sizeM: number;
  /** Length of the span of a sighting, milliseconds. */
  readonly spanMs: number;
  /** One for each subject of the set, in its order. */
  readonly observations: readonly Observation[];
}

/** Key of a sighting's place among those of one publication. */
export function placeKey({ x, y }: Point): string {
  return `${Math.round(x)}/${Math.round(y)}`;
}
