import type { Instant } from '../../proto/words/time.ts';
import type { Prng } from '../prng.ts';

/** What a TCU has to send over at one moment. */
export interface Coverage {
  readonly bearer: 'wifi' | 'home' | 'roaming' | 'none';
  /** Share of what is sent, or of its acknowledgements, that is lost. */
  readonly loss: number;
  readonly latencyMs: number;
}

export interface CellularModem {
  /** Coverage at a time no earlier than the one asked for before. @param isHome - parked within reach of its owner's Wi-Fi */
  readonly at: (at: Instant, isHome: boolean) => Coverage;
  /** What lies over a stretch of road: from here until then it is this, whatever comes after. */
  readonly stretch: (bearer: 'none' | 'roaming', until: Instant) => void;
}

/** A link that is lost, found and now and then that of a foreign network; what holds, holds for minutes. */
export function startModem(prng: Prng, firstAt: Instant): CellularModem {
  let bearer: Coverage['bearer'] = 'home';
  let until = firstAt;
  return {
    stretch: (over, to) => {
      bearer = over;
      until = to;
    },
    at: (at, isHome) => {
      for (let steps = 0; until <= at && steps < STEPS_MAX; steps += 1) {
        bearer = prng.chance(UNCOVERED) ? 'none' : prng.chance(ROAMING) ? 'roaming' : 'home';
        until = (until + prng.whole(1, SPELL_MINUTES_MAX) * 60_000) as Instant;
      }
      if (isHome) return { bearer: 'wifi', loss: LOSS.wifi, latencyMs: prng.whole(5, 40) };
      if (bearer === 'none') return { bearer, loss: 1, latencyMs: 0 };
      return { bearer, loss: LOSS[bearer], latencyMs: prng.whole(40, bearer === 'roaming' ? 900 : 300) };
    },
  };
}

/** Months of sleep are caught up with in one go, and no further. */
const STEPS_MAX = 100_000;
const SPELL_MINUTES_MAX = 30;
const UNCOVERED = 0.15;
const ROAMING = 0.05;
const LOSS = { wifi: 0.01, home: 0.05, roaming: 0.2 } as const;
