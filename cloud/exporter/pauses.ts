import type { Instant } from '../../proto/words/time.ts';

export interface RetrySettings {
  readonly attemptsPerRound: number;
  readonly pauseMs: number;
  readonly pauseMsMax: number;
  readonly roundPauseMs: number;
}

/** Longest pause between two rounds, however many have failed: an hour. */
export const ROUND_PAUSE_MS_MAX = 3_600_000;

/**
 * Time before the next attempt of a round: doubles each time up to the limit, and half of it is left to chance, so that
 * exporters that failed together do not come back together.
 *
 * @param failed - attempts of this round that have failed, from 1
 * @param chance - at least 0, below 1
 */
export function nextAttemptAt(now: Instant, failed: number, settings: RetrySettings, chance: number): Instant {
  const full = Math.min(settings.pauseMsMax, settings.pauseMs * 2 ** Math.min(failed - 1, DOUBLINGS_MAX));
  return (now + Math.round(full * (0.5 + chance / 2))) as Instant;
}

/** Time before the next round. @param failedRounds - rounds that have failed before this one, from 0 */
export function nextRoundAt(now: Instant, failedRounds: number, settings: RetrySettings, chance: number): Instant {
  const limit = Math.max(ROUND_PAUSE_MS_MAX, settings.roundPauseMs);
  const full = Math.min(limit, settings.roundPauseMs * 2 ** Math.min(failedRounds, DOUBLINGS_MAX));
  return (now + Math.round(full * (0.5 + chance / 2))) as Instant;
}

const DOUBLINGS_MAX = 20;
