import { createHash } from 'node:crypto';
import type { Quarantine } from '../ports/zone-store.ts';
import { openDatabase } from './open-database.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS payload (
    device INTEGER NOT NULL, digest BLOB NOT NULL, received_at INTEGER NOT NULL, reason TEXT NOT NULL,
    frames INTEGER NOT NULL, payload BLOB NOT NULL, PRIMARY KEY (device, digest)) WITHOUT ROWID;
`;

/** Refused payloads, whole, at home, in a file of their own. */
export function sqliteQuarantine(file: string): Quarantine {
  const database = openDatabase(file, SCHEMA);
  const insert = database.prepare(
    'INSERT INTO payload VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (device, digest) DO NOTHING',
  );
  let count = database.prepare('SELECT coalesce(sum(frames), 0) FROM payload').pluck().get() as number;
  const insertAll = database.transaction((payloads: Parameters<Quarantine['insert']>[0]) => {
    let added = 0;
    for (const { deviceNumber, receivedAt, reason, frames, payload } of payloads) {
      const digest = createHash('sha256').update(payload).digest();
      added += insert.run(deviceNumber, digest, receivedAt, reason, frames, payload).changes * frames;
    }
    return added;
  });
  return {
    insert: (payloads) => {
      const added = insertAll(payloads);
      count += added;
      return added;
    },
    count: () => count,
    close: () => {
      database.close();
    },
  };
}
