import type { Fault } from '../../proto/words/fault.ts';
import type { LogPosition } from './ledger.ts';

/** A record as a topic holds it. */
export interface LogRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Undefined where nobody gave one. */
  readonly key: string | undefined;
  /** Empty where the record says that its key is gone. */
  readonly value: Uint8Array;
}

export interface NewLogRecord {
  readonly topic: string;
  /** Records of one key keep their order. */
  readonly key: string;
  readonly value: Uint8Array;
  /** Without it the key says which. */
  readonly partition?: number;
}

/** Sends records one by one. */
export interface RecordSender {
  /** `delivered` is called once: without a fault when every in-sync replica has the record, with one when it may not have. */
  readonly send: (record: NewLogRecord, delivered: (fault?: Fault) => void) => void;
  /** Waits for what is on its way, and no longer than a named time. */
  readonly close: () => Promise<void>;
}

/** What one member of a group does with the partitions it was given. */
export interface PartitionWork {
  /** The partition is this member's from now on; `state` is called for every record that was kept of it, in order. */
  readonly begin: (partition: number) => (state: LogRecord) => void;
  /** All partitions belong to others now, and nothing that was worked on since the last commit has happened. */
  readonly forget: () => void;
  /**
   * Works on records, and says what becomes of them: all of it and how far they were read are one transaction.
   *
   * @param isUnfit - whether the log refused what came of a record, as too large; something smaller has to come of it
   */
  readonly work: (
    records: readonly LogRecord[],
    isUnfit: (record: LogRecord) => boolean,
  ) => Promise<readonly NewLogRecord[]>;
}

export interface GroupMember {
  readonly partitions: () => readonly number[];
  /** Finishes the transaction in hand, and leaves the group. */
  readonly stop: () => Promise<void>;
}

/** Reads topics from where somebody else remembers, without a group. Only what was committed is given. */
export interface LogReader {
  readonly stop: () => Promise<void>;
}

export interface ReadFrom {
  readonly topic: string;
  /** Where partitions go on; one that is not named begins with its first record. */
  readonly positions: readonly LogPosition[];
}
