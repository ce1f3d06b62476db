import { decodeFrame } from '../../proto/codec/telemetry-codec.ts';
import type { Zone } from '../../proto/words/data-class.ts';
import { assert } from '../../proto/words/result.ts';
import type {
  DroppedKey,
  NewZoneRecord,
  RecordKey,
  SegmentHead,
  ZoneReader,
  ZoneRecord,
  ZoneStore,
} from '../ports/zone-store.ts';
import type { DataKeys } from '../zones/data-keys.ts';
import { unseal } from '../zones/envelope.ts';
import { groupRecords, inSequence, type RecordGroup, shanghaiDay } from '../zones/group-records.ts';
import { KIND, OWN_LIST, sealSegment } from '../zones/seal-segment.ts';
import { associatedData, OWN_PATHS, sequencesOf, unpackFrames } from '../zones/segment.ts';
import { eraseLog, openSealedDatabase, type StoreDatabase } from './open-database.ts';
import { POSITION_SCHEMA } from './sqlite-positions.ts';
import { type CarriedSegments, carriedSegments, segmentRows } from './sqlite-segments.ts';
import { type ZonePaths, zonePaths } from './zone-paths.ts';

interface Row extends SegmentHead {
  readonly id: number;
  readonly sealed: Buffer;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS path (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE);
  CREATE TABLE IF NOT EXISTS segment (
    id INTEGER PRIMARY KEY, key INTEGER NOT NULL, number INTEGER NOT NULL, device INTEGER NOT NULL,
    epoch INTEGER NOT NULL, retention TEXT NOT NULL, kind INTEGER NOT NULL, day INTEGER NOT NULL,
    first INTEGER NOT NULL, last INTEGER NOT NULL, count INTEGER NOT NULL, gaps TEXT, paths INTEGER NOT NULL,
    sealed BLOB NOT NULL);
  CREATE INDEX IF NOT EXISTS segment_by_sequence ON segment (device, epoch, last);
  ${POSITION_SCHEMA}
`;

const COLUMNS =
  'id, key, number, device AS deviceNumber, epoch, retention, kind, day, first, last, count, gaps, paths, sealed';

/** Keys asked for in one statement. */
const KEYS_PER_STATEMENT = 500;

export interface ZoneStoreParts {
  readonly zone: Zone;
  readonly keys: DataKeys;
  /** For who reads a zone that another process writes. */
  readonly readonly?: boolean;
}

/**
 * One SQLite file a zone. Its rows are segments: the frames of one device, epoch, class, kind and day under one seal.
 *
 * @throws Error for a file whose records are not sealed
 */
export function sqliteZoneStore(file: string, parts: ZoneStoreParts): ZoneStore {
  const database = openSealedDatabase(file, SCHEMA, parts.readonly);
  const paths = zonePaths(database);
  const writer = segmentWriter(database, paths, parts);
  const reader = segmentReader(database, paths, parts);
  let count = database.prepare('SELECT coalesce(sum(count), 0) FROM segment').pluck().get() as number;
  const insertAll = database.transaction(writer.insert);
  const dropAll = database.transaction((dropped: readonly DroppedKey[]) => dropKeys(database, dropped));
  const removeAll = database.transaction((keys: readonly RecordKey[]) => {
    const { removed, rest } = reader.takeOut(keys);
    writer.insert(rest);
    return removed;
  });
  // Only where a record log feeds the zone; a file that is read only may be older than the table.
  let carrying: CarriedSegments | undefined;
  const carried = (): CarriedSegments => (carrying ??= carriedSegments(database, parts.keys));
  const devices = database.prepare('SELECT DISTINCT device FROM segment WHERE kind = ?').pluck();
  const saving = (insert: () => number): number => {
    const changed = insert();
    paths.saved();
    return changed;
  };
  return {
    insert: (records) => {
      const added = saving(() => insertAll(records));
      count += added;
      return added;
    },
    insertCarried: (segments, upTo) => {
      const added = carried().insert(segments, upTo);
      count += added;
      return added;
    },
    positions: (topic) => carried().positions(topic),
    count: () => count,
    signals: (from, to, isWanted) => reader.signals(from, to, isWanted),
    trips: () => reader.all(`kind = ${KIND.trip}`),
    records: () => reader.all(),
    remove: (keys) => {
      count -= saving(() => removeAll(keys));
    },
    drop: (dropped) => {
      parts.keys.forget(dropped.map(({ id }) => id));
      const records = dropAll(dropped);
      count -= records;
      eraseLog(database);
      return records;
    },
    devices: (kind) => devices.all(KIND[kind]) as number[],
    close: () => {
      database.close();
    },
  };
}

function dropKeys(database: StoreDatabase, dropped: readonly DroppedKey[]): number {
  // By device, which has an index; a key belongs to one device.
  const where = 'WHERE device IN (SELECT value FROM json_each(?)) AND key IN (SELECT value FROM json_each(?))';
  const sum = database.prepare(`SELECT coalesce(sum(count), 0) FROM segment ${where}`).pluck();
  const remove = database.prepare(`DELETE FROM segment ${where}`);
  let records = 0;
  for (let at = 0; at < dropped.length; at += KEYS_PER_STATEMENT) {
    const some = dropped.slice(at, at + KEYS_PER_STATEMENT);
    const devices = JSON.stringify([...new Set(some.map(({ deviceNumber }) => deviceNumber))]);
    const ids = JSON.stringify(some.map(({ id }) => id));
    records += sum.get(devices, ids) as number;
    remove.run(devices, ids);
  }
  return records;
}

interface SegmentWriter {
  /** Inside a transaction; gives how many records were new. */
  readonly insert: (records: readonly NewZoneRecord[]) => number;
}

function segmentWriter(database: StoreDatabase, paths: ZonePaths, { zone, keys }: ZoneStoreParts): SegmentWriter {
  if (database.readonly) return { insert: () => 0 };
  const segments = segmentRows(database);
  const write = (group: RecordGroup, records: readonly NewZoneRecord[], hasRoom: boolean): void =>
    segments.put(sealSegment({ zone, keys }, group, records, hasRoom ? paths : undefined));

  const unheld = (group: RecordGroup): readonly NewZoneRecord[] => {
    const records = inSequence(group.records);
    const [from, to] = [records[0]?.key.sequence ?? 0, records.at(-1)?.key.sequence ?? 0];
    const held = segments.held(group, from, to);
    return held.size === 0 ? records : records.filter(({ key }) => !held.has(key.sequence));
  };

  return {
    insert: (records) => {
      let added = 0;
      for (const group of groupRecords(records)) {
        const fresh = unheld(group);
        if (fresh.length === 0) continue;
        if (paths.hasRoomFor(fresh.map(({ content }) => content))) write(group, fresh, true);
        else for (const record of fresh) write(group, [record], paths.hasRoomFor([record.content]));
        added += fresh.length;
      }
      paths.save();
      // Before the rows are durable: a row without its key could never be read.
      keys.save();
      return added;
    },
  };
}

const NONE = new Uint8Array(0);

interface SegmentReader {
  readonly signals: ZoneReader['signals'];
  readonly all: (where?: string) => Iterable<ZoneRecord>;
  /** Deletes the segments that hold records, inside a transaction; gives what else was in them. */
  readonly takeOut: (keys: readonly RecordKey[]) => { readonly removed: number; readonly rest: NewZoneRecord[] };
}

function segmentReader(database: StoreDatabase, paths: ZonePaths, { zone, keys }: ZoneStoreParts): SegmentReader {
  const recordsOf = (row: Row, list: readonly string[], key = keys.find(row.key)): readonly ZoneRecord[] => {
    if (key === undefined) return [];
    const digest = row.paths === OWN_PATHS ? OWN_LIST : paths.digest(row.paths);
    const packed = unseal(key, row.number, associatedData(zone, row, digest), row.sealed);
    assert(packed !== undefined, 'a sealed segment is as it was written, and where it was written');
    const { bodies, ownPaths } = unpackFrames(packed, row.paths === OWN_PATHS);
    const { deviceNumber, epoch } = row;
    return sequencesOf(row).map((sequence, at) => {
      const content = decodeFrame(bodies[at] ?? NONE, ownPaths ?? list);
      assert(content.ok, 'what the zone wrote it can read');
      return { key: { deviceNumber, epoch, sequence }, content: content.value };
    });
  };

  function* select(where: string, values: readonly (number | string)[]): Iterable<ZoneRecord> {
    let list = paths.list();
    const rows = database
      .prepare(`SELECT ${COLUMNS} FROM segment WHERE ${where}`)
      .raw()
      .iterate(...values);
    for (const some of batchesOf(rows as Iterable<RawRow>)) {
      // The vault is asked for the keys of many rows at once, and for each of them.
      const found = keys.findAll(some.map(({ key }) => key));
      for (const row of some) {
        if (row.paths > list.length) {
          // Written since the list was read, by the process that writes; the list is there with the row.
          paths.refresh();
          list = paths.list();
        }
        const key = found.get(row.key);
        if (key !== undefined) yield* recordsOf(row, list, key);
      }
    }
  }

  const devices = database.prepare('SELECT DISTINCT device FROM segment').pluck();
  const listOf = (isWanted: (deviceNumber: number) => boolean): string =>
    JSON.stringify((devices.all() as number[]).filter(isWanted));

  return {
    *signals(from, to, isWanted) {
      const days = [shanghaiDay(from), shanghaiDay(to)];
      const where = `kind = ${KIND.signals} AND day BETWEEN ? AND ?`;
      const records =
        isWanted === undefined
          ? select(where, days)
          : select(`${where} AND ${OF_DEVICES}`, [...days, listOf(isWanted)]);
      for (const record of records) {
        const { content } = record;
        if (content.kind === 'signals' && content.observedAt >= from && content.observedAt < to) yield record;
      }
    },
    all: (where = 'true') => select(where, []),
    takeOut: (wanted) => {
      const list = paths.list();
      const find = database.prepare(
        `SELECT ${COLUMNS} FROM segment WHERE device = ? AND epoch = ? AND last >= ? AND first <= ?`,
      );
      const remove = database.prepare('DELETE FROM segment WHERE id = ?');
      const touched = new Map<number, Row>();
      const names = new Set(wanted.map(nameOf));
      for (const { deviceNumber, epoch, sequence } of wanted)
        for (const row of find.all(deviceNumber, epoch, sequence, sequence) as Row[]) touched.set(row.id, row);
      let removed = 0;
      const rest: NewZoneRecord[] = [];
      for (const row of touched.values()) {
        const { deviceNumber, epoch } = row;
        const gone = sequencesOf(row).filter((sequence) => names.has(nameOf({ deviceNumber, epoch, sequence }))).length;
        if (gone === 0) continue;
        removed += gone;
        remove.run(row.id);
        // Sealed anew under the class they had; the day is that of their content.
        if (gone < row.count)
          for (const record of recordsOf(row, list))
            if (!names.has(nameOf(record.key))) rest.push({ ...record, retention: row.retention });
      }
      return { removed, rest };
    },
  };
}

/** Columns of a row in the order of `COLUMNS`: an object made by the driver costs twice as much as one made here. */
type RawRow = readonly [
  ...(readonly [number, number, number, number, number, string, number, number]),
  ...(readonly [number, number, number, string | null, number, Buffer]),
];

/** Without the index: rows of a device lie apart, and to look for each costs more than passing over those of others. */
const OF_DEVICES = '+device IN (SELECT value FROM json_each(?))';

/** Segments that are opened together. */
const SEGMENTS_AT_ONCE = 256;

function* batchesOf(rows: Iterable<RawRow>): Generator<readonly Row[]> {
  let some: Row[] = [];
  for (const raw of rows) {
    const [id, key, number, deviceNumber, epoch, retention, kind, day, first, last, count, gaps, paths, sealed] = raw;
    const head = { key, number, deviceNumber, epoch, retention, kind, day, first, last, count, gaps, paths };
    some.push({ id, ...head, sealed });
    if (some.length < SEGMENTS_AT_ONCE) continue;
    yield some;
    some = [];
  }
  yield some;
}

const nameOf = ({ deviceNumber, epoch, sequence }: RecordKey): string => `${deviceNumber}/${epoch}/${sequence}`;
