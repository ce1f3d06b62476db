import type { Instant } from '../proto/words/time.ts';

/** Keeps the uplink below so many bytes a second. */
export interface Bandwidth {
  /** Whether a batch of this size may go now; a yes counts it. */
  readonly take: (bytes: number, now: Instant) => boolean;
}

/** What may be saved up while nothing is sent: one second's worth, and never less than the largest batch. */
const SAVED_MIN_BYTES = 65_536;

/** A token bucket. @param bytesPerSecond - undefined: no bound */
export function createBandwidth(bytesPerSecond: number | undefined, startedAt: Instant): Bandwidth {
  if (bytesPerSecond === undefined) return { take: () => true };
  const savedMax = Math.max(SAVED_MIN_BYTES, bytesPerSecond);
  let saved = savedMax;
  let last = startedAt;
  return {
    take: (bytes, now) => {
      // A clock that was set back gives nothing, and takes nothing.
      saved = Math.min(savedMax, saved + (Math.max(0, now - last) / 1_000) * bytesPerSecond);
      last = now;
      if (bytes > saved) return false;
      saved -= bytes;
      return true;
    },
  };
}
