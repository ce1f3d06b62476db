import { BLOCK_M, type City, distanceM, onStreets, type PlanePoint } from './city.ts';
import type { Place } from './household.ts';
import type { Prng } from './prng.ts';

/** The corners of a way along the streets, first and last point included; at least one point. */
export type Route = readonly PlanePoint[];

/**
 * A staircase of at most five legs: along, across, along, across, along. Where it turns is left to chance, so that the same
 * errand is not driven the same way each day.
 */
export function planRoute(city: City, from: Place, to: Place, prng: Prng): Route {
  const first = streetBetween(from.alongM, to.alongM, prng);
  const second = streetBetween(first, to.alongM, prng);
  const middle = streetBetween(from.acrossM, to.acrossM, prng);
  const corners = [
    onStreets(city, from.alongM, from.acrossM),
    onStreets(city, first, from.acrossM),
    onStreets(city, first, middle),
    onStreets(city, second, middle),
    onStreets(city, second, to.acrossM),
    onStreets(city, to.alongM, to.acrossM),
  ];
  return corners.filter((corner, index) => {
    const before = corners[index - 1];
    return before === undefined || distanceM(before, corner) >= LEG_M_MIN;
  });
}

/** A cross street somewhere between two abscissas, metres. */
function streetBetween(from: number, to: number, prng: Prng): number {
  const [low, high] = [Math.ceil(Math.min(from, to) / BLOCK_M), Math.floor(Math.max(from, to) / BLOCK_M)];
  return (low <= high ? prng.whole(low, high) : Math.round(from / BLOCK_M)) * BLOCK_M;
}

const LEG_M_MIN = 1;
