import type { Gateway } from './gateway.ts';
import type { Arrival } from './ingest/group-commit.ts';

/**
 * How long frames of terminals are gathered before they are committed. Between two turns of its loop Node takes one new
 * connection, and a commit is a long turn: with one at every few milliseconds, a city of terminals that calls in at once
 * waited until the system gave it up (docs/adr/0084).
 */
export const GATHER_MS = 50;
/** Taken at once when there are so many. */
const GATHERED_MAX = 1_024;

export interface Gathering {
  readonly take: Gateway['take'];
  /** Hands on what is there; before stopping. */
  readonly flush: () => void;
}

/** Hands arrivals on in bursts, in their order. */
export function gatherArrivals(take: Gateway['take']): Gathering {
  let gathered: { readonly arrival: Arrival; readonly done: Parameters<Gateway['take']>[1] }[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const all = gathered;
    gathered = [];
    for (const { arrival, done } of all) take(arrival, done);
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
