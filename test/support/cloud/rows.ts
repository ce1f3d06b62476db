import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { encodeFrame } from '../../../proto/codec/telemetry-codec.ts';
import { loadSqlite } from '../../../proto/config/load-sqlite.ts';
import type { Zone } from '../../../proto/words/data-class.ts';
import { openZone } from './zones.ts';

/** File names of `openStores` in cloud/composition/open-stores.ts. */
const FILES = {
  general: 'zone-general.sqlite',
  personal: 'zone-personal.sqlite',
  geographic: 'zone-geographic.sqlite',
  important: 'zone-important.sqlite',
  quarantine: 'zone-quarantine.sqlite',
  ledger: 'ledger.sqlite',
} as const;

/**
 * Every row of a query on a store's file, by a connection of its own: what is there whatever the store believes. A zone's
 * records are opened first, with the keys beside it, into the tables `record`, `path` and `payload`.
 */
export function rowsIn<Row>(directory: string, store: keyof typeof FILES, sql: string): readonly Row[] {
  const file = join(directory, FILES[store]);
  if (!existsSync(file)) return [];
  const database = store === 'ledger' ? new (loadSqlite())(file) : opened(directory, store);
  try {
    return database.prepare(sql).all() as Row[];
  } finally {
    database.close();
  }
}

function opened(directory: string, store: Zone): Database.Database {
  const database = new (loadSqlite())(':memory:');
  database.exec(`
    CREATE TABLE record (device, epoch, sequence, kind, observed_at, body);
    CREATE TABLE path (id, path);
    CREATE TABLE payload (device, received_at, reason, frames, payload);
  `);
  const zone = openZone(directory, store);
  const insert = database.prepare('INSERT INTO record VALUES (?, ?, ?, ?, ?, ?)');
  const paths = new Map<string, number>();
  database.transaction(() => {
    for (const { key, content } of zone.records()) {
      const at = content.kind === 'signals' ? content.observedAt : null;
      const body = encodeFrame(content, paths);
      insert.run(key.deviceNumber, key.epoch, key.sequence, KINDS.indexOf(content.kind) + 1, at, body);
    }
    const insertPath = database.prepare('INSERT INTO path VALUES (?, ?)');
    for (const [path, id] of paths) insertPath.run(id, path);
    const insertPayload = database.prepare('INSERT INTO payload VALUES (?, ?, ?, ?, ?)');
    for (const { deviceNumber, receivedAt, reason, frames, payload } of zone.payloads())
      insertPayload.run(deviceNumber, receivedAt, reason, frames, Buffer.from(payload));
  })();
  zone.close();
  return database;
}

/** In the order of their numbers in a zone's file. */
const KINDS = ['signals', 'cell', 'trip', 'image', 'points', 'objects'];

export interface RecordRow {
  readonly device: number;
  readonly epoch: number;
  readonly sequence: number;
  readonly kind: number;
  readonly body: Buffer;
}

export const RECORDS = 'SELECT device, epoch, sequence, kind, body FROM record ORDER BY device, epoch, sequence';

export interface QuarantineRow {
  readonly device: number;
  readonly reason: string;
  readonly frames: number;
  readonly payload: Buffer;
}

export const QUARANTINED = 'SELECT device, reason, frames, payload FROM payload ORDER BY received_at, device';

export interface TotalsRow {
  readonly admitted: number;
  readonly duplicates: number;
  readonly quarantined: number;
  readonly dropped: number;
}

export const TOTALS = 'SELECT admitted, duplicates, quarantined, dropped FROM totals';
