import type { RawFix } from '../proto/words/raw-frame.ts';
import type { Instant } from '../proto/words/time.ts';
import type { Prng } from './prng.ts';

/** Where the vehicle truly is, WGS-84. */
export interface Truth {
  readonly latitude: number;
  readonly longitude: number;
  readonly altitudeM: number;
  readonly headingDeg: number;
  readonly speedMps: number;
}

export interface Gnss {
  /** The fix a receiver would give, or `undefined` while it has none: warming up, or under a bridge. */
  readonly fixAt: (at: Instant, truth: Truth) => RawFix | undefined;
}

/**
 * A receiver switched on with the vehicle: no fix for the first seconds, an error that wanders by a few metres, and now and
 * then no fix for up to two minutes. Make one for each trip; feed it one truth each `GNSS_INTERVAL_MS`.
 */
export function startGnss(prng: Prng): Gnss {
  let silentFixes = prng.whole(0, WARM_UP_FIXES_MAX);
  let eastM = prng.normal() * WANDER_M;
  let northM = prng.normal() * WANDER_M;
  const wander = (errorM: number) => errorM * MEMORY + prng.normal() * WANDER_M * Math.sqrt(1 - MEMORY ** 2);
  return {
    fixAt: (at, truth) => {
      eastM = wander(eastM);
      northM = wander(northM);
      if (silentFixes === 0 && prng.chance(DROP_OUT)) silentFixes = prng.whole(1, DROP_OUT_FIXES_MAX);
      if (silentFixes > 0) {
        silentFixes -= 1;
        return undefined;
      }
      return {
        kind: 'fix',
        at,
        latitude: rounded(truth.latitude + northM / METRES_PER_DEGREE, 7),
        longitude: rounded(
          truth.longitude + eastM / (METRES_PER_DEGREE * Math.cos((truth.latitude * Math.PI) / 180)),
          7,
        ),
        altitudeM: rounded(truth.altitudeM + prng.normal() * WANDER_M * 2, 1),
        // A receiver knows a heading only from motion.
        ...(truth.speedMps >= HEADING_MPS_MIN && {
          headingDeg: rounded((truth.headingDeg + prng.normal() + 360) % 360, 1) % 360,
        }),
      };
    },
  };
}

/** One fix in ten seconds, as GB/T 32960.3 terminals report. */
export const GNSS_INTERVAL_MS = 10_000;

export function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

const METRES_PER_DEGREE = 111_195;
const WANDER_M = 3;
/** Share of the error that is still there at the next fix. */
const MEMORY = 0.9;
const DROP_OUT = 0.004;
const DROP_OUT_FIXES_MAX = 12;
const WARM_UP_FIXES_MAX = 2;
const HEADING_MPS_MIN = 1;
