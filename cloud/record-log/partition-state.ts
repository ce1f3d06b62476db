import type { Extents, Ledger, LedgerChange } from '../ports/ledger.ts';
import type { LogRecord, NewLogRecord } from '../ports/record-log.ts';

/** Which sequences of which devices went through one partition, or were given up: what the ledger has of them. */
export interface PartitionState extends Pick<Ledger, 'extents' | 'dropped'> {
  readonly change: (changes: readonly LedgerChange[]) => void;
  /** The records that keep changes. */
  readonly recordsOf: (changes: readonly LedgerChange[]) => readonly NewLogRecord[];
  /** Reads a record that was kept. */
  readonly restore: (record: LogRecord) => void;
}

interface Held {
  readonly extents: Extents;
  readonly dropped?: Extents | undefined;
}

/** It is made again from the topic whenever a partition changes hands, so that it never says more than was committed. */
export function createPartitionState(topic: string, partition: number): PartitionState {
  const held = new Map<string, Held>();
  return {
    extents: (deviceNumber, epoch) => held.get(nameOf({ deviceNumber, epoch }))?.extents ?? NOTHING,
    dropped: (deviceNumber, epoch) => held.get(nameOf({ deviceNumber, epoch }))?.dropped ?? NOTHING,
    change: (changes) => {
      for (const change of changes) held.set(nameOf(change), heldOf(change));
    },
    recordsOf: (changes) =>
      changes.map((change) => {
        const value = Buffer.from(JSON.stringify(heldOf(change)));
        return { topic, partition, key: nameOf(change), value };
      }),
    restore: ({ key, value }) => {
      if (key !== undefined) held.set(key, JSON.parse(Buffer.from(value).toString('utf8')) as Held);
    },
  };
}

const heldOf = ({ extents, dropped }: LedgerChange): Held => ({ extents, ...(dropped && { dropped }) });

const nameOf = ({ deviceNumber, epoch }: { readonly deviceNumber: number; readonly epoch: number }): string =>
  `${deviceNumber}/${epoch}`;

const NOTHING: Extents = [];
