import { bilingual, causeText, type Fault } from '../../proto/words/fault.ts';
import type { Clock } from '../../proto/words/time.ts';
import type { Gateway } from '../gateway.ts';
import type { Arrival } from '../ingest/sort-out.ts';

/**
 * How long frames of terminals are gathered before they are committed. Between two turns of its loop Node takes one new
 * connection, and a commit is a long turn: with one at every few milliseconds, a city of terminals that calls in at once
 * waited until the system gave it up (docs/adr/0081).
 */
export const GATHER_MS = 50;
/** A burst is gathered for as long as the last one took to be durable, so that commits take half of the time at most. */
export const GATHER_MS_MAX = 1_000;
/** Taken at once when there are so many. */
const GATHERED_MAX = 1_024;

export interface Gathering {
  readonly take: Gateway['take'];
  /** Hands on what is there; before stopping. */
  readonly flush: () => void;
}

export interface GatherParts {
  readonly take: Gateway['take'];
  readonly clock: Clock;
  /** Sees each burst first; what it throws keeps the burst from being taken, and from being answered. */
  readonly before?: ((arrivals: readonly Arrival[]) => void) | undefined;
  /** In the place of `GATHER_MS`. */
  readonly gatherMs?: number | undefined;
}

/** Hands arrivals on in bursts, in their order. */
export function gatherArrivals({
  take,
  clock,
  before = () => undefined,
  gatherMs = GATHER_MS,
}: GatherParts): Gathering {
  let gathered: { readonly arrival: Arrival; readonly done: Parameters<Gateway['take']>[1] }[] = [];
  let timer: NodeJS.Timeout | undefined;
  let tookMs = 0;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const all = gathered;
    gathered = [];
    const held = attempt(() => before(all.map(({ arrival }) => arrival)));
    const since = clock.now();
    let open = all.length;
    for (const { arrival, done } of all) {
      if (held !== undefined) done(held);
      else
        take(arrival, (fault) => {
          done(fault);
          open -= 1;
          if (open === 0) tookMs = Math.min(Math.abs(clock.now() - since), GATHER_MS_MAX);
        });
    }
  };
  return {
    flush,
    take: (arrival, done) => {
      gathered.push({ arrival, done });
      if (gathered.length >= GATHERED_MAX) flush();
      else timer ??= setTimeout(flush, Math.max(gatherMs, tookMs));
    },
  };
}

function attempt(act: () => void): Fault<'STORE_UNAVAILABLE'> | undefined {
  try {
    act();
    return undefined;
  } catch (cause) {
    return {
      code: 'STORE_UNAVAILABLE',
      problem: bilingual(
        `frames to forward could not be stored: ${causeText(cause)}`,
        `待转发的报文未能落盘：${causeText(cause)}`,
      ),
      remedy: bilingual('free space on the data partition; terminals send again', '请释放数据分区空间；终端会重新发送'),
      retry: 'later',
    };
  }
}
