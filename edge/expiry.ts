import type { Fault } from '../proto/words/fault.ts';
import { PRIORITIES } from '../proto/words/priority.ts';
import type { Clock, Instant } from '../proto/words/time.ts';
import type { Spools } from './ports/spool.ts';
import type { SpoolConfig } from './spool-config.ts';

/** Gives up what has waited longer than its `ttl`. */
export interface Expiry {
  /**
   * @param isClockTrusted - false while no policy is in force: a policy has a first and a last day, so a clock that jumped by
   *   years has left them, and would otherwise give up everything at once
   */
  readonly tick: (isClockTrusted: boolean) => void;
}

export function createExpiry(
  spools: Spools,
  { streams }: SpoolConfig,
  { clock, onFault }: { readonly clock: Clock; readonly onFault: (fault: Fault) => void },
): Expiry {
  const lives: Readonly<Record<string, { readonly ttl?: number | undefined } | undefined>> = streams;
  return {
    tick: (isClockTrusted) => {
      if (!isClockTrusted) return;
      const before = Object.fromEntries(
        PRIORITIES.flatMap((priority) => {
          const ttl = lives[priority]?.ttl;
          return ttl === undefined ? [] : [[priority, (clock.now() - ttl * 1_000) as Instant]];
        }),
      );
      const expired = spools.expire(before);
      if (!expired.ok) onFault(expired.fault);
    },
  };
}
