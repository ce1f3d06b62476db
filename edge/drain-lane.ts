import type { Priority } from '../proto/words/priority.ts';
import type { Spool, SpooledBatch } from './ports/spool.ts';

/** How far one queue has been sent since the connection was made. */
export interface Lane {
  readonly priority: Priority;
  readonly spool: Spool;
  /** A connection begins: nothing is in flight, and everything that waits is to be sent. */
  readonly begin: (order: 'fifo' | 'live-first') => void;
  /** The next batches to send; they count once `sent` is told. */
  readonly next: (limit: number) => readonly SpooledBatch[];
  readonly sent: (batch: SpooledBatch) => void;
  readonly acknowledged: (firstSequence: number) => void;
  readonly inFlight: () => number;
}

export function createLane(spool: Spool, priority: Priority): Lane {
  const inFlight = new Set<number>();
  /** Where live data begins; in order of arrival everything is backlog. */
  let liveFrom = Number.POSITIVE_INFINITY;
  let lastLive = Number.POSITIVE_INFINITY;
  let lastBacklog = -1;

  const backlog = (limit: number): readonly SpooledBatch[] =>
    limit <= 0 ? [] : spool.read(lastBacklog, limit).filter(({ firstSequence }) => firstSequence < liveFrom);

  return {
    priority,
    spool,
    begin: (order) => {
      inFlight.clear();
      liveFrom = order === 'fifo' ? Number.POSITIVE_INFINITY : spool.nextSequence();
      lastLive = liveFrom - 1;
      lastBacklog = -1;
    },
    next: (limit) => {
      if (limit <= 0) return [];
      const live = Number.isFinite(lastLive) ? spool.read(lastLive, limit) : [];
      return [...live, ...backlog(limit - live.length)];
    },
    sent: ({ firstSequence }) => {
      inFlight.add(firstSequence);
      if (firstSequence >= liveFrom) lastLive = firstSequence;
      else lastBacklog = firstSequence;
    },
    acknowledged: (firstSequence) => void inFlight.delete(firstSequence),
    inFlight: () => inFlight.size,
  };
}
