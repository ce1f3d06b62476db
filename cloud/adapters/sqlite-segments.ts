import { assert } from '../../proto/words/result.ts';
import type { LogPosition } from '../ports/ledger.ts';
import type { CarriedSegment, SegmentHead } from '../ports/zone-store.ts';
import type { DataKeys } from '../zones/data-keys.ts';
import type { SealedSegment } from '../zones/seal-segment.ts';
import { sequencesOf } from '../zones/segment.ts';
import type { StoreDatabase } from './open-database.ts';
import { sqlitePositions } from './sqlite-positions.ts';

type Whose = Pick<SegmentHead, 'deviceNumber' | 'epoch' | 'retention'>;

export interface SegmentRows {
  readonly put: (segment: SealedSegment) => void;
  /** Sequences from first to last, both inclusive, that are held already. */
  readonly held: (whose: Whose, first: number, last: number) => ReadonlySet<number>;
}

/** Rows of the table `segment`, inside the transaction of whoever calls. */
export function segmentRows(database: StoreDatabase): SegmentRows {
  const insert = database.prepare(
    `INSERT INTO segment (key, number, device, epoch, retention, kind, day, first, last, count, gaps, paths, sealed)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const select = database.prepare(
    `SELECT first, count, gaps FROM segment WHERE device = ? AND epoch = ? AND last >= ? AND first <= ? AND retention = ?`,
  );
  return {
    put: ({ head, sealed }) => {
      const { key, number, deviceNumber, epoch, retention, kind, day, first, last, count, gaps, paths } = head;
      insert.run(key, number, deviceNumber, epoch, retention, kind, day, first, last, count, gaps, paths, sealed);
    },
    held: ({ deviceNumber, epoch, retention }, first, last) => {
      const rows = select.all(deviceNumber, epoch, first, last, retention) as SegmentHead[];
      return new Set(rows.flatMap((head) => sequencesOf(head)));
    },
  };
}

export interface CarriedSegments {
  /** Durable once it returns; gives how many records were new. */
  readonly insert: (segments: readonly CarriedSegment[], upTo: LogPosition) => number;
  readonly positions: (topic: string) => readonly LogPosition[];
}

/**
 * Takes in segments that another process sealed, with the keys they bring: they go in as they are, and nothing of them is
 * opened. A key goes into the vault before its segment is durable.
 */
export function carriedSegments(database: StoreDatabase, keys: Pick<DataKeys, 'adopt'>): CarriedSegments {
  const rows = segmentRows(database);
  const positions = sqlitePositions(database);
  const insert = database.transaction((segments: readonly CarriedSegment[], upTo: LogPosition): number => {
    let added = 0;
    for (const { head, sealed, key, session } of segments) {
      const held = rows.held(head, head.first, head.last);
      const fresh = sequencesOf(head).filter((sequence) => !held.has(sequence)).length;
      if (fresh === 0) continue;
      assert(fresh === head.count, 'a segment of a record log is held whole or not at all');
      keys.adopt(session, key);
      rows.put({ head, sealed });
      added += fresh;
    }
    positions.set(upTo);
    return added;
  });
  return { positions: positions.of, insert };
}
