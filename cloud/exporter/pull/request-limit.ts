import type { Instant } from '../../../proto/words/time.ts';

const MINUTE_MS = 60_000;

/** Counts the requests of each caller in the minute in hand. Callers are registered ones, so there are few. */
export function createRequestLimit(perMinuteMax: number): (caller: string, now: Instant) => boolean {
  const counts = new Map<string, { readonly minute: number; readonly requests: number }>();
  return (caller, now) => {
    const minute = Math.floor(now / MINUTE_MS);
    const before = counts.get(caller);
    const requests = before?.minute === minute ? before.requests + 1 : 1;
    counts.set(caller, { minute, requests });
    return requests <= perMinuteMax;
  };
}
