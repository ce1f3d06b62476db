import type { TripRow } from '../../proto/codec/telemetry-codec.ts';
import { civilDateOf } from '../../proto/words/time.ts';
import type { Trip } from './trip.ts';

/**
 * What `strict` publishes of a trip: the Shanghai day it began, and the classes of its length and duration in ratio 2.
 * No cell, hour, tag, trip id or order (docs/adr/0007).
 */
export function publishRow(trip: Trip): TripRow | undefined {
  const first = trip.points[0];
  const last = trip.points.at(-1);
  if (first === undefined || last === undefined) return undefined;
  return {
    kind: 'trip',
    localDate: Number(civilDateOf(first.at).replaceAll('-', '')),
    distanceClass: ratioClass(trip.distanceM / 1_000, DISTANCE_CLASS_KM),
    durationClass: ratioClass((last.at - first.at) / 60_000, DURATION_CLASS_MIN),
  };
}

/** Class 0 is below `unit`; class k is [unit x 2^(k-1), unit x 2^k). Doubling is exact, a logarithm rounds at the edges. */
export function ratioClass(value: number, unit: number): number {
  let found = 0;
  for (let edge = unit; value >= edge && found < CLASS_MAX; edge *= 2) found += 1;
  return found;
}

const DISTANCE_CLASS_KM = 0.5;
const DURATION_CLASS_MIN = 5;
const CLASS_MAX = 20;
