import type { Instant } from '../../proto/words/time.ts';
import { type AuditBook, createMonthAt, endOf } from './audit-book.ts';
import type { MonitoredEvent } from './event.ts';

/** A log of which entries are counted by their month. */
export interface CountedLog {
  readonly size: () => number;
  /** When an entry was recorded. Throws for a damaged file, as `entries` does. */
  readonly recordedAt: (index: number) => Instant;
  /** Entries from an index on, in order. */
  readonly entries: (from: number) => Iterable<{ readonly index: number; readonly event: MonitoredEvent }>;
}

/** Entries of one log that are counted at a time: about a tenth of a second, in which nothing else is done. */
export const COUNTED_MAX = 20_000;

/**
 * Counts logs from the beginning of the oldest month that is not signed, so that the figures of an audit are those of all of its month,
 * whenever the process was started. What was counted is kept in memory alone.
 */
export interface MonthCounter {
  /** Goes on counting. @returns whether all entries there are were counted */
  readonly countOn: () => boolean;
}

/** @param countedMax - of `COUNTED_MAX`, which it is without */
export function createMonthCounter(
  logs: readonly CountedLog[],
  book: AuditBook,
  countedMax = COUNTED_MAX,
): MonthCounter {
  const counters = logs.map((log) => {
    let next: number | undefined;
    const countOn = (): boolean => {
      next ??= firstUnsigned(log, book);
      const end = Math.min(log.size(), next + countedMax);
      if (next < end)
        for (const { index, event } of log.entries(next)) {
          book.count(event);
          next = index + 1;
          if (next >= end) break;
        }
      return next >= log.size();
    };
    return (): boolean => {
      try {
        return countOn();
      } catch {
        // A damaged file: nothing beyond it is counted, and so no audit is run, which is an alert in time.
        return false;
      }
    };
  });
  return { countOn: () => counters.map((count) => count()).every(Boolean) };
}

/** Index of the first entry in a month that nobody has signed. */
function firstUnsigned(log: CountedLog, { isSigned }: AuditBook): number {
  const monthAt = createMonthAt();
  let index = 0;
  while (index < log.size()) {
    const month = monthAt(log.recordedAt(index));
    if (!isSigned(month)) return index;
    index = firstFrom(log, endOf(month), index + 1);
  }
  return index;
}

/** Index of the first entry that was recorded at an instant or later, by halves: entries are recorded in order. */
function firstFrom(log: CountedLog, at: Instant, from: number): number {
  let [low, high] = [from, log.size()];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (log.recordedAt(middle) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
