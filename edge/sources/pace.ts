import { setTimeout as wait } from 'node:timers/promises';
import type { Clock, Instant } from '../../proto/words/time.ts';

/** When the moments of a log come round again. */
export interface Pace {
  /** @returns a promise until a moment of the log has come; nothing when it has come already */
  readonly until: (at: Instant, signal: AbortSignal) => Promise<void> | undefined;
}

/** Waits are cut to this, so that a clock that is set does not stop a replay for good. */
const WAIT_MS_MAX = 60_000;

/**
 * The pace of a replay: its first moment is now, and times that go back wait for nothing.
 *
 * @param times - how many times as fast as it was recorded
 */
export function createPace(times: number, clock: Clock): Pace {
  let begun: { readonly log: Instant; readonly now: Instant } | undefined;
  const left = (at: Instant): number => {
    begun ??= { log: at, now: clock.now() };
    return (at - begun.log) / times - (clock.now() - begun.now);
  };
  const waitFor = async (at: Instant, signal: AbortSignal): Promise<void> => {
    for (let ms = left(at); ms > 0 && !signal.aborted; ms = left(at)) {
      await wait(Math.min(ms, WAIT_MS_MAX), undefined, { signal }).catch(() => undefined);
    }
  };
  return { until: (at, signal) => (left(at) > 0 ? waitFor(at, signal) : undefined) };
}
