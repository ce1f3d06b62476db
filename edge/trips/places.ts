import { distanceM } from '../../proto/geo/distance.ts';
import type { Wgs84Position } from '../../proto/words/position.ts';

/** A place where a trip began or ended, with the secret margin that hides it. It never leaves the vehicle. */
export interface Place {
  readonly position: Wgs84Position;
  /** Added to the trim distance at this place: metres of a largest margin of 1 km. Drawn once and kept for ever. */
  readonly marginM: number;
}

/** Trip ends within this distance are the same place: clusters, not a lattice, which would give one home several draws. */
export const PLACE_RADIUS_M = 400;

/** Places one vehicle remembers; past that a trip to a new one publishes no cells. */
export const PLACES_MAX = 10_000;

/** The nearest place that a position belongs to. */
export function findPlace(places: readonly Place[], position: Wgs84Position): Place | undefined {
  let nearest: Place | undefined;
  let nearestM = PLACE_RADIUS_M;
  for (const place of places) {
    const metres = distanceM(place.position, position);
    if (metres <= nearestM) {
      nearest = place;
      nearestM = metres;
    }
  }
  return nearest;
}
