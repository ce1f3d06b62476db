import type { Instant } from '../../../proto/words/time.ts';

const MINUTE_MS = 60_000;

/** Counts what each caller does in the minute in hand. Callers are registered ones, so there are few. @returns whether it is within the limit */
export function createMinuteLimit(perMinuteMax: number): (caller: string, now: Instant) => boolean {
  const counts = new Map<string, { readonly minute: number; readonly times: number }>();
  return (caller, now) => {
    const minute = Math.floor(now / MINUTE_MS);
    const before = counts.get(caller);
    const times = before?.minute === minute ? before.times + 1 : 1;
    counts.set(caller, { minute, times });
    return times <= perMinuteMax;
  };
}
