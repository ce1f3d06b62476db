import type { RawFix } from '../../proto/words/raw-frame.ts';
import type { Instant } from '../../proto/words/time.ts';
import { rounded, startGnss, type Truth } from '../gnss.ts';
import type { Prng } from '../prng.ts';

/** What lies over the vehicle: tall houses reflect, a tunnel hides, and a receiver that comes out of one may leap. */
export type Sky = 'open' | 'canyon' | 'tunnel' | 'leap';

export interface Receiver {
  /** The fix of this moment, or undefined where there is none. */
  readonly fixAt: (at: Instant, truth: Truth, sky: Sky) => RawFix | undefined;
}

/** A receiver switched on with the ignition: warm-up, wandering error and drop-outs as in gnss.ts, and what the sky does. */
export function startReceiver(prng: Prng): Receiver {
  const gnss = startGnss(prng);
  return {
    fixAt: (at, truth, sky) => {
      const fix = gnss.fixAt(at, truth);
      if (fix === undefined || sky === 'tunnel') return undefined;
      if (sky === 'leap') return { ...fix, latitude: rounded(fix.latitude - LEAP_DEG, 7) };
      if (sky === 'open') return fix;
      const off = () => (prng.normal() * CANYON_M) / METRES_PER_DEGREE;
      return { ...fix, latitude: rounded(fix.latitude + off(), 7), longitude: rounded(fix.longitude + off(), 7) };
    },
  };
}

/** A wrong solution lies anywhere on the globe; this one lies in the southern hemisphere. */
const LEAP_DEG = 70;
const CANYON_M = 40;
const METRES_PER_DEGREE = 111_195;
