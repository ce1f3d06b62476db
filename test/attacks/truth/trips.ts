import type { Subject } from '../traces/subjects.ts';
import { staysOf } from './stays.ts';

/** One drive, ride or walk from stop to stop, as the trace has it. Indices are of fixes, both included. */
export interface TrueTrip {
  readonly first: number;
  readonly last: number;
  readonly from: number;
  readonly to: number;
  readonly lengthM: number;
  readonly isMotorised: boolean;
}

/** A stop or a silence of this length ends a trip, as an ignition would. */
export const TRIP_STOP_MS = 600_000;

const STOP = { radiusM: 100, leastMs: TRIP_STOP_MS };

/** Shorter than this from its first fix all the time, it was no trip. */
const EXTENT_M_MIN = 300;
/** Nine minutes of ten below this is a walk or a bicycle. */
const MOTORISED_MPS = 30 / 3.6;
/** Nine minutes of ten can be above this in a train or an aeroplane only. */
const TRAIN_MPS = 160 / 3.6;

/** Trips of one subject; trains and aeroplanes are left out, walks are kept (more evidence for the attacker). */
export function trueTrips(subject: Subject): readonly TrueTrip[] {
  const { at } = subject;
  const trips: TrueTrip[] = [];
  const cuts = cutsOf(subject);
  let first = 0;
  for (let index = 1; index <= at.length; index += 1) {
    const isCut = index === at.length || (at[index] ?? 0) - (at[index - 1] ?? 0) >= TRIP_STOP_MS;
    const stop = cuts.get(index);
    if (!isCut && stop === undefined) continue;
    addTrip(trips, subject, first, isCut ? index - 1 : index);
    first = stop ?? index;
    if (stop !== undefined) index = stop;
  }
  return trips;
}

/** First fix of every stop, with its last. */
function cutsOf(subject: Subject): ReadonlyMap<number, number> {
  return new Map(staysOf(subject, STOP).map(({ first, last }) => [first, last]));
}

function addTrip(trips: TrueTrip[], subject: Subject, first: number, last: number): void {
  const { at, x, y } = subject;
  let lengthM = 0;
  let extentM = 0;
  const minutes: number[] = [];
  let minuteAt = at[first] ?? 0;
  let minuteM = 0;
  for (let index = first + 1; index <= last; index += 1) {
    const stepM = Math.hypot((x[index] ?? 0) - (x[index - 1] ?? 0), (y[index] ?? 0) - (y[index - 1] ?? 0));
    lengthM += stepM;
    minuteM += stepM;
    extentM = Math.max(extentM, Math.hypot((x[index] ?? 0) - (x[first] ?? 0), (y[index] ?? 0) - (y[first] ?? 0)));
    const ms = (at[index] ?? 0) - minuteAt;
    if (ms < 60_000) continue;
    minutes.push((minuteM / ms) * 1_000);
    minuteAt = at[index] ?? 0;
    minuteM = 0;
  }
  const fast = minutes.sort((a, b) => a - b)[Math.floor(minutes.length * 0.9)] ?? 0;
  if (extentM < EXTENT_M_MIN || fast > TRAIN_MPS) return;
  const isMotorised = fast >= MOTORISED_MPS;
  trips.push({ first, last, from: at[first] ?? 0, to: at[last] ?? 0, lengthM, isMotorised });
}
