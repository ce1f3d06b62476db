import type { CellFrame } from '../../proto/codec/telemetry-codec.ts';
import type { Instant } from '../../proto/words/time.ts';
import type { RecordKey } from './zone-store.ts';

/** A 10 km cell on a Shanghai day (YYYYMMDD), and the vehicles that were in it: at least so many, each counted once. */
export interface ReleasedCell {
  readonly day: number;
  readonly zone: number;
  readonly row: number;
  readonly column: number;
  readonly vehicles: number;
}

/** Counts over the life of the installation, but for `held`. */
export interface CellTotals {
  /** Cells of days that are still open; one that was counted before and after a restart is held twice. */
  readonly held: number;
  readonly released: number;
  /** Cells that had too few vehicles when their day was closed; nothing of them is kept. */
  readonly suppressed: number;
  /** Cells that came when their day was closed already, or when too many were held. */
  readonly passedOver: number;
}

/**
 * How many vehicles were in which cell on which day, and nothing that joins two cells: no device, tag, trip, sequence or time
 * of arrival. What a day takes to count each vehicle once is destroyed when the day is closed or the process ends.
 */
export interface CellCounts {
  /** Durable once it returns; a key that was counted and is not settled yet is passed over. */
  count(cells: readonly { readonly key: RecordKey; readonly cell: CellFrame }[], at: Instant): void;
  /** The ledger has everything that was counted, so that the keys kept against counting twice can go. */
  settle(): void;
  /** Closes the days whose time is over: cells with enough vehicles are released, the others forgotten. */
  closeDays(at: Instant): void;
  released(): Iterable<ReleasedCell>;
  totals(): CellTotals;
  close(): void;
}
