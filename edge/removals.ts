import type { Removal } from '../proto/codec/telemetry-codec.ts';
import type { RemovalCause, Removed } from './stages/stage.ts';

/** Counts what was removed, by cause: since the last batch that told it, and since the agent started. */
export interface Removals {
  readonly add: Removed;
  /** What the next batch has to tell; it counts as told only after `told`. */
  readonly pending: () => readonly Removal[];
  readonly told: () => void;
  readonly totals: () => Readonly<Record<string, number>>;
}

export function createRemovals(): Removals {
  let waiting = new Map<RemovalCause, number>();
  const totals = new Map<RemovalCause, number>();
  const grow = (counts: Map<RemovalCause, number>, cause: RemovalCause, count: number): void => {
    counts.set(cause, Math.min(COUNT_MAX, (counts.get(cause) ?? 0) + count));
  };
  return {
    add: (cause, count) => {
      if (count === 0) return;
      grow(waiting, cause, count);
      grow(totals, cause, count);
    },
    pending: () => [...waiting].map(([cause, count]) => ({ cause, count })),
    told: () => {
      waiting = new Map();
    },
    totals: () => Object.fromEntries(totals),
  };
}

/** Largest count the schema holds; a counter stays there rather than wrap. */
const COUNT_MAX = 4_294_967_295;
