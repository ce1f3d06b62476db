import type { TripMemory } from '../../../edge/ports/trip-memory.ts';
import { addFix, addSilence, NO_TRIP, type Trip, type TripPoint, type TripState } from '../../../edge/trips/trip.ts';
import type { Wgs84Position } from '../../../proto/words/position.ts';
import type { Instant } from '../../../proto/words/time.ts';

const HOUR_MS = 3_600_000;

/** Trips that fixes make; an hour of silence ends the last one. */
export function tripsOf(fixes: readonly TripPoint[]): readonly Trip[] {
  let state: TripState = NO_TRIP;
  const trips: Trip[] = [];
  const step = ({ state: next, ended }: ReturnType<typeof addFix>): void => {
    state = next;
    if (ended !== undefined) trips.push(ended);
  };
  for (const fix of fixes) step(addFix(state, fix));
  step(addSilence(state, ((fixes.at(-1)?.at ?? 0) + HOUR_MS) as Instant));
  return trips;
}

/** A vehicle that stood here when the agent started, and whose agent remembers nothing else. */
export function parkedAt(parked: Wgs84Position | undefined): TripMemory {
  return { recall: () => ({ state: NO_TRIP, parked }), keep: () => undefined };
}
