import type { Instant } from '../../proto/words/time.ts';

/** Sensors whose last frame is remembered; a vehicle has a dozen cameras. Further names get nothing out. */
const SENSORS_MAX = 32;

/** Whether a frame of a sensor comes late enough after the last one that was let through. Asking is taking the turn. */
export type TakeTurn = (sensor: string, at: Instant) => boolean;

/** @param intervalS - seconds between two frames of one sensor */
export function sensorInterval(intervalS: number): TakeTurn {
  const last = new Map<string, Instant>();
  return (sensor, at) => {
    const before = last.get(sensor);
    if (before === undefined && last.size >= SENSORS_MAX) return false;
    // A time that went back is no interval that has passed.
    if (before !== undefined && at - before < intervalS * 1_000) return false;
    last.set(sensor, at);
    return true;
  };
}
