import { bilingual, causeText, type Fault } from '../proto/words/fault.ts';
import type { Gateway } from './gateway.ts';
import type { Arrival } from './ingest/sort-out.ts';

/**
 * How long frames of terminals are gathered before they are committed. Between two turns of its loop Node takes one new
 * connection, and a commit is a long turn: with one at every few milliseconds, a city of terminals that calls in at once
 * waited until the system gave it up (docs/adr/0081).
 */
export const GATHER_MS = 50;
/** Taken at once when there are so many. */
const GATHERED_MAX = 1_024;

export interface Gathering {
  readonly take: Gateway['take'];
  /** Hands on what is there; before stopping. */
  readonly flush: () => void;
}

/**
 * Hands arrivals on in bursts, in their order.
 *
 * @param before - sees each burst first; what it throws keeps the burst from being taken, and from being answered
 */
export function gatherArrivals(
  take: Gateway['take'],
  before: (arrivals: readonly Arrival[]) => void = () => undefined,
): Gathering {
  let gathered: { readonly arrival: Arrival; readonly done: Parameters<Gateway['take']>[1] }[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const all = gathered;
    gathered = [];
    const held = attempt(() => before(all.map(({ arrival }) => arrival)));
    for (const { arrival, done } of all) {
      if (held === undefined) take(arrival, done);
      else done(held);
    }
  };
  return {
    flush,
    take: (arrival, done) => {
      gathered.push({ arrival, done });
      if (gathered.length >= GATHERED_MAX) flush();
      else timer ??= setTimeout(flush, GATHER_MS);
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
