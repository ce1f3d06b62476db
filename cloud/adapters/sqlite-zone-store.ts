import { MINUTE_MS } from '../../proto/codec/sensor-frames.ts';
import { decodeFrame, encodeFrame, type FrameContent } from '../../proto/codec/telemetry-codec.ts';
import { assert } from '../../proto/words/result.ts';
import { HOUR_MS, type Instant } from '../../proto/words/time.ts';
import type { RecordKey, ZoneRecord, ZoneStore } from '../ports/zone-store.ts';
import { openDatabase, openReadOnly, type StoreDatabase } from './open-database.ts';

interface Row {
  readonly device: number;
  readonly epoch: number;
  readonly sequence: number;
  readonly body: Buffer;
  /** The list of paths that the body counts in, if it is not the zone's. */
  readonly paths: string | null;
}

/**
 * Paths in the zone's list, as far as the schema lets a reading count. VSS has some thousand; a vehicle that makes up
 * paths would otherwise stop the zone for all. Past the limit a record carries a list of its own.
 */
const PATHS_MAX = 65_536;

/** Numbers of the kinds in the file; never reused. */
const KIND = { signals: 1, cell: 2, trip: 3, image: 4, points: 5, objects: 6, withdrawal: 7 } as const;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS path (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE);
  CREATE TABLE IF NOT EXISTS record (
    device INTEGER NOT NULL, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL,
    kind INTEGER NOT NULL, observed_at INTEGER NOT NULL, body BLOB NOT NULL, paths TEXT,
    PRIMARY KEY (device, epoch, sequence)) WITHOUT ROWID;
`;

/** One SQLite file a zone. @param readonly - for a build, which writes no zone */
export function sqliteZoneStore(file: string, readonly = false): ZoneStore {
  const database = readonly ? openReadOnly(file) : openDatabase(file, SCHEMA);
  // Only a held key is passed over; `OR IGNORE` would pass over a row that breaks any other constraint as well.
  const insertRow = database.prepare(
    'INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (device, epoch, sequence) DO NOTHING',
  );
  const select = database.prepare(
    'SELECT device, epoch, sequence, body, paths FROM record WHERE kind = ? AND observed_at >= ? AND observed_at < ?',
  );
  const selectTrips = database.prepare('SELECT device, epoch, sequence, body, paths FROM record WHERE kind = ?');
  const removeRow = database.prepare('DELETE FROM record WHERE device = ? AND epoch = ? AND sequence = ?');
  const removeAll = database.transaction((keys: readonly RecordKey[]) => {
    let removed = 0;
    for (const { deviceNumber, epoch, sequence } of keys)
      removed += removeRow.run(deviceNumber, epoch, sequence).changes;
    return removed;
  });
  const devices = database.prepare('SELECT DISTINCT device FROM record WHERE kind = ?').pluck();
  let count = database.prepare('SELECT count(*) FROM record').pluck().get() as number;
  const paths = createPaths(database);

  const insertAll = database.transaction((records: readonly ZoneRecord[]) => {
    let added = 0;
    for (const { key, content } of records) {
      const own = paths.hasRoomFor(content) ? undefined : new Map<string, number>();
      const body = encodeFrame(content, own ?? paths.byPath);
      const listed = own === undefined ? null : JSON.stringify([...own.keys()]);
      const { deviceNumber, epoch, sequence } = key;
      const kind = KIND[content.kind];
      added += insertRow.run(deviceNumber, epoch, sequence, kind, observedAt(content), body, listed).changes;
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
      const list = paths.list();
      for (const row of select.iterate(KIND.signals, from, to) as Iterable<Row>) yield recordOf(row, list);
    },
    *trips() {
      for (const row of selectTrips.iterate(KIND.trip) as Iterable<Row>) yield recordOf(row, NO_PATHS);
    },
    remove: (keys) => {
      count -= removeAll(keys);
    },
    devices: (kind) => devices.all(KIND[kind]) as number[],
    close: () => {
      database.close();
    },
  };
}

/** A trip row names no signal. */
const NO_PATHS: readonly string[] = [];

function recordOf(row: Row, paths: readonly string[]): ZoneRecord {
  const content = decodeFrame(row.body, row.paths === null ? paths : (JSON.parse(row.paths) as string[]));
  assert(content.ok, 'what the zone wrote it can read');
  return { key: { deviceNumber: row.device, epoch: row.epoch, sequence: row.sequence }, content: content.value };
}

/** A trip row has a day and no time, and is found by none. */
function observedAt(content: FrameContent): Instant {
  if (content.kind === 'signals') return content.observedAt;
  if ('minute' in content) return (content.minute * MINUTE_MS) as Instant;
  return (content.kind === 'cell' ? content.hour * HOUR_MS : 0) as Instant;
}

interface Paths {
  readonly byPath: Map<string, number>;
  readonly list: () => readonly string[];
  readonly hasRoomFor: (content: FrameContent) => boolean;
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
    hasRoomFor: (content) =>
      content.kind !== 'signals' ||
      byPath.size + content.signals.length <= PATHS_MAX ||
      content.signals.every(({ path }) => byPath.has(path)),
    save: () => {
      if (byPath.size === durable) return;
      for (const [path, id] of byPath) if (id >= durable) insert.run(id, path);
    },
    saved: () => {
      durable = byPath.size;
    },
  };
}
