import type { Extents, LedgerChange } from '../ports/ledger.ts';
import type { LogRecord, NewLogRecord } from '../ports/record-log.ts';

/** Which sequences of which devices went through one partition. */
export interface PartitionState {
  readonly extents: (deviceNumber: number, epoch: number) => Extents;
  readonly change: (changes: readonly LedgerChange[]) => void;
  /** The records that keep changes. */
  readonly recordsOf: (changes: readonly LedgerChange[]) => readonly NewLogRecord[];
  /** Reads a record that was kept. */
  readonly restore: (record: LogRecord) => void;
}

/** It is made again from the topic whenever a partition changes hands, so that it never says more than was committed. */
export function createPartitionState(topic: string, partition: number): PartitionState {
  const held = new Map<string, Extents>();
  return {
    extents: (deviceNumber, epoch) => held.get(`${deviceNumber}/${epoch}`) ?? NOTHING,
    change: (changes) => {
      for (const { deviceNumber, epoch, extents } of changes) held.set(`${deviceNumber}/${epoch}`, extents);
    },
    recordsOf: (changes) =>
      changes.map(({ deviceNumber, epoch, extents }) => {
        const value = Buffer.from(JSON.stringify(extents));
        return { topic, partition, key: `${deviceNumber}/${epoch}`, value };
      }),
    restore: ({ key, value }) => {
      if (key !== undefined) held.set(key, JSON.parse(Buffer.from(value).toString('utf8')) as Extents);
    },
  };
}

const NOTHING: Extents = [];
