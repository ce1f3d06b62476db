import { createHash } from 'node:crypto';
import { assert } from '../../proto/words/result.ts';
import type { DroppedKey, Quarantine, QuarantinedPayload, QuarantineReader } from '../ports/zone-store.ts';
import type { DataKeys } from '../zones/data-keys.ts';
import { seal, unseal } from '../zones/envelope.ts';
import { shanghaiDay } from '../zones/group-records.ts';
import { eraseLog, openSealedDatabase } from './open-database.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS payload (
    device INTEGER NOT NULL, digest BLOB NOT NULL, received_at INTEGER NOT NULL, reason TEXT NOT NULL,
    frames INTEGER NOT NULL, key INTEGER NOT NULL, number INTEGER NOT NULL, sealed BLOB NOT NULL,
    PRIMARY KEY (device, digest), UNIQUE (key, number)) WITHOUT ROWID;
`;

/** What is in a payload is not known; it is deleted as the strictest is. */
const RETENTION = 'sensitive-on-request-10wd';

interface Row extends Omit<QuarantinedPayload, 'payload'> {
  readonly digest: Buffer;
  readonly key: number;
  readonly number: number;
  readonly sealed: Buffer;
}

const COLUMNS = 'device AS deviceNumber, digest, received_at AS receivedAt, reason, frames, key, number, sealed';

/** Refused payloads, whole, at home, in a file of their own, each under a seal. */
export function sqliteQuarantine(file: string, keys: DataKeys, readonly = false): Quarantine & QuarantineReader {
  const database = openSealedDatabase(file, SCHEMA, readonly);
  const isHeld = database.prepare('SELECT 1 FROM payload WHERE device = ? AND digest = ?');
  const insert = readonly ? undefined : database.prepare('INSERT INTO payload VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const sumOf = (where = ''): string => `SELECT coalesce(sum(frames), 0) FROM payload ${where}`;
  let count = database.prepare(sumOf()).pluck().get() as number;
  const insertAll = database.transaction((payloads: readonly QuarantinedPayload[]) => {
    let added = 0;
    for (const one of payloads) {
      const { deviceNumber, receivedAt, reason, frames, payload } = one;
      const digest = createHash('sha256').update(payload).digest();
      if (isHeld.get(deviceNumber, digest) !== undefined) continue;
      const { id, number, key } = keys.next({ deviceNumber, retention: RETENTION, day: shanghaiDay(receivedAt) });
      const sealed = seal(key, number, associatedData({ ...one, key: id, number, digest }), payload);
      insert?.run(deviceNumber, digest, receivedAt, reason, frames, id, number, sealed);
      added += frames;
    }
    keys.save();
    return added;
  });
  const dropAll = database.transaction((dropped: readonly DroppedKey[]) => {
    const ids = JSON.stringify(dropped.map(({ id }) => id));
    const where = 'WHERE key IN (SELECT value FROM json_each(?))';
    const frames = database.prepare(sumOf(where)).pluck().get(ids) as number;
    return { frames, payloads: database.prepare(`DELETE FROM payload ${where}`).run(ids).changes };
  });
  return {
    insert: (payloads) => {
      const added = insertAll(payloads);
      count += added;
      return added;
    },
    count: () => count,
    drop: (dropped) => {
      keys.forget(dropped.map(({ id }) => id));
      const { frames, payloads } = dropAll(dropped);
      count -= frames;
      eraseLog(database);
      return payloads;
    },
    *payloads() {
      const rows = database.prepare(`SELECT ${COLUMNS} FROM payload ORDER BY received_at, device`).iterate();
      for (const row of rows as Iterable<Row>) {
        const key = keys.find(row.key);
        if (key === undefined) continue;
        const payload = unseal(key, row.number, associatedData(row), row.sealed);
        assert(payload !== undefined, 'a sealed payload is as it was written, and where it was written');
        const { deviceNumber, receivedAt, reason, frames } = row;
        yield { deviceNumber, receivedAt, reason, frames, payload };
      }
    },
    close: () => {
      database.close();
    },
  };
}

function associatedData(row: Omit<Row, 'sealed'>): Buffer {
  const { deviceNumber, receivedAt, reason, frames, key, number, digest } = row;
  const head = `tongguan.v1.payload\0${key}\0${number}\0${deviceNumber}\0${receivedAt}\0${reason}\0${frames}\0`;
  return Buffer.concat([Buffer.from(head), digest]);
}
