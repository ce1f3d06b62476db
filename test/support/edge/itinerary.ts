import type { TripPoint } from '../../../edge/trips/trip.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { positionAt, type Spot } from './map.ts';

/** Drives straight to a spot, stands there reporting with jitter, or says nothing for a while. */
export type Part =
  | { readonly go: Spot; readonly speedMps?: number }
  | { readonly waitMs: number; readonly jitterM?: readonly [from: number, to: number] }
  | { readonly silentMs: number };

export interface Journey {
  readonly from: Spot;
  readonly at: Instant;
  readonly intervalMs?: number;
  /** In [0, 1); for the jitter. */
  readonly chance?: () => number;
}

/** The fixes a receiver gives on a journey, one each interval, the first at the start. */
export function fixesOf(
  { from, at, intervalMs = 10_000, chance = () => 0 }: Journey,
  parts: readonly Part[],
): TripPoint[] {
  let [eastM, northM] = from;
  let now: number = at;
  const fixes: TripPoint[] = [];
  const report = (east = eastM, north = northM): void => {
    fixes.push({ at: now as Instant, position: positionAt([east, north]) });
    now += intervalMs;
  };
  report();
  for (const part of parts) {
    if ('silentMs' in part) now += part.silentMs - intervalMs;
    else if ('waitMs' in part) {
      const [least, most] = part.jitterM ?? [0, 0];
      for (const end = now + part.waitMs; now < end; ) {
        const offM = least + (most - least) * chance();
        const angle = 2 * Math.PI * chance();
        report(eastM + offM * Math.cos(angle), northM + offM * Math.sin(angle));
      }
    } else {
      const stepM = ((part.speedMps ?? 15) * intervalMs) / 1_000;
      const [toEastM, toNorthM] = part.go;
      for (let leftM = Infinity; leftM > 0; ) {
        leftM = Math.hypot(toEastM - eastM, toNorthM - northM);
        const share = leftM === 0 ? 1 : Math.min(1, stepM / leftM);
        eastM += (toEastM - eastM) * share;
        northM += (toNorthM - northM) * share;
        report();
        if (share === 1) break;
      }
    }
  }
  return fixes;
}
