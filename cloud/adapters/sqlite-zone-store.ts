import { decodeFrame, encodeFrame, type FrameContent } from '../../proto/codec/telemetry-codec.ts';
import { assert } from '../../proto/words/result.ts';
import { HOUR_MS, type Instant } from '../../proto/words/time.ts';
import type { ZoneRecord, ZoneStore } from '../ports/zone-store.ts';
import { openDatabase, type StoreDatabase } from './open-database.ts';

interface Row {
  readonly device: number;
  readonly epoch: number;
  readonly sequence: number;
  readonly body: Buffer;
}

/** Numbers of the kinds in the file; never reused. */
const KIND = { signals: 1, cell: 2, trip: 3 } as const;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS path (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE);
  CREATE TABLE IF NOT EXISTS record (
    device INTEGER NOT NULL, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL,
    kind INTEGER NOT NULL, observed_at INTEGER NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (device, epoch, sequence)) WITHOUT ROWID;
`;

/** One SQLite file a zone. */
export function sqliteZoneStore(file: string): ZoneStore {
  const database = openDatabase(file, SCHEMA);
  const insertRow = database.prepare('INSERT OR IGNORE INTO record VALUES (?, ?, ?, ?, ?, ?)');
  const select = database.prepare(
    'SELECT device, epoch, sequence, body FROM record WHERE kind = ? AND observed_at >= ? AND observed_at < ?',
  );
  const devices = database.prepare('SELECT DISTINCT device FROM record WHERE kind = ?').pluck();
  let count = database.prepare('SELECT count(*) FROM record').pluck().get() as number;
  const paths = createPaths(database);

  const insertAll = database.transaction((records: readonly ZoneRecord[]) => {
    let added = 0;
    for (const { key, content } of records) {
      const body = encodeFrame(content, paths.byPath);
      const { deviceNumber, epoch, sequence } = key;
      added += insertRow.run(deviceNumber, epoch, sequence, KIND[content.kind], observedAt(content), body).changes;
    }
    paths.save();
    return added;
  });

  return {
    insert: (records) => {
      const added = insertAll(records);
      paths.saved();
      count += added;
      return added;
    },
    count: () => count,
    *signals(from, to) {
      for (const row of select.iterate(KIND.signals, from, to) as Iterable<Row>) yield recordOf(row, paths.list());
    },
    devices: (kind) => devices.all(KIND[kind]) as number[],
    close: () => {
      database.close();
    },
  };
}

function recordOf(row: Row, paths: readonly string[]): ZoneRecord {
  const content = decodeFrame(row.body, paths);
  assert(content.ok, 'what the zone wrote it can read');
  return { key: { deviceNumber: row.device, epoch: row.epoch, sequence: row.sequence }, content: content.value };
}

/** A trip row has a day and no time, and is found by none. */
function observedAt(content: FrameContent): Instant {
  if (content.kind === 'signals') return content.observedAt;
  return (content.kind === 'cell' ? content.hour * HOUR_MS : 0) as Instant;
}

interface Paths {
  readonly byPath: Map<string, number>;
  readonly list: () => readonly string[];
  /** Writes what the map grew by; inside the transaction of the records that use it. */
  readonly save: () => void;
  /** That transaction is durable. */
  readonly saved: () => void;
}

function createPaths(database: StoreDatabase): Paths {
  const rows = database.prepare('SELECT id, path FROM path ORDER BY id').all() as { id: number; path: string }[];
  const insert = database.prepare('INSERT OR IGNORE INTO path VALUES (?, ?)');
  const byPath = new Map(rows.map(({ id, path }) => [path, id]));
  let durable = byPath.size;
  return {
    byPath,
    list: () => [...byPath.keys()],
    save: () => {
      if (byPath.size === durable) return;
      for (const [path, id] of byPath) insert.run(id, path);
    },
    saved: () => {
      durable = byPath.size;
    },
  };
}
