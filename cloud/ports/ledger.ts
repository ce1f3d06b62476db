import type { Removal, Step } from '../../proto/codec/telemetry-codec.ts';
import type { SpoolStanding, ToldSpool } from '../../proto/words/spool-standing.ts';
import type { Instant } from '../../proto/words/time.ts';
import type { AggregateChanges, AggregateStore } from './aggregate-store.ts';

/** Sequences of one device and epoch that are durable: half-open ranges, ascending, not touching each other. */
export type Extents = readonly (readonly [from: number, to: number])[];

/** Counts over the life of the installation. */
export interface LedgerTotals {
  readonly framesAdmitted: number;
  readonly duplicates: number;
  readonly framesQuarantined: number;
  /** Frames that vehicles gave up and said so, each once, those left out that came after all. */
  readonly framesDroppedByVehicles: number;
}

export interface LedgerChange {
  readonly deviceNumber: number;
  readonly epoch: number;
  readonly extents: Extents;
  /** Sequences that the device says it gave up, whether or not they came after all; absent: as before. */
  readonly dropped?: Extents | undefined;
}

/** What the vehicle says it did before upload, kept as evidence beside what was rechecked. */
export interface BatchNote {
  readonly deviceNumber: number;
  readonly epoch: number;
  readonly firstSequence: number;
  readonly count: number;
  readonly receivedAt: Instant;
  readonly policyId: string;
  readonly policyVersion: number;
  readonly steps: readonly Step[];
  readonly removals: readonly Removal[];
  /** Of an admitted batch whose vehicle tells it. */
  readonly spool?: SpoolStanding;
}

/** A batch as the ledger keeps its note. */
export type ShownBatch = Pick<BatchNote, 'receivedAt' | 'count' | 'policyId' | 'policyVersion' | 'steps' | 'removals'>;

/** How far a partition of a record log was read: the offset of the first record that was not. */
export interface LogPosition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

export interface LedgerCommit {
  readonly changes: readonly LedgerChange[];
  readonly notes: readonly BatchNote[];
  readonly totals: LedgerTotals;
  /** What the frames of this commit add to the running aggregates: in one commit with what admits them, they count once. */
  readonly aggregates?: AggregateChanges | undefined;
  /** Where the records came from, if a record log brought them: in one commit with what they say, they count once. */
  readonly upTo?: LogPosition;
}

/**
 * Which sequences of which device are durable. It is written last in a group commit, after all zones: what it holds is
 * surely stored, and what a crash left out of it is sent again and passed over by the zones.
 */
export interface Ledger {
  extents(deviceNumber: number, epoch: number): Extents;
  /** What the device says it gave up. */
  dropped(deviceNumber: number, epoch: number): Extents;
  /** Durable once it returns. */
  commit(commit: LedgerCommit): void;
  totals(): LedgerTotals;
  /** How far the partitions of a topic were taken in, in no particular order. */
  positions(topic: string): readonly LogPosition[];
  /** What vehicles said they removed before upload, by cause, over the life of the installation. */
  removed(): Readonly<Record<string, number>>;
  /** The newest batches of a device, newest first. */
  latest(deviceNumber: number, limit: number): readonly ShownBatch[];
  /** The newest by the vehicle's own count, whatever came last; undefined where none was told. */
  spool(deviceNumber: number): ToldSpool | undefined;
  readonly aggregates: AggregateStore;
  close(): void;
}
