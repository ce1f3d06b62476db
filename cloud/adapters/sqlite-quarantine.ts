import { createHash } from 'node:crypto';
import type { Instant } from '../../proto/words/time.ts';
import type { FallenEvidence, Quarantine, QuarantineLimits } from '../ports/zone-store.ts';
import { openDatabase, type StoreDatabase } from './open-database.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS payload (
    device INTEGER NOT NULL, digest BLOB NOT NULL, received_at INTEGER NOT NULL, reason TEXT NOT NULL,
    frames INTEGER NOT NULL, payload BLOB NOT NULL, sealed INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (device, digest)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS payload_by_age ON payload (received_at);
  CREATE INDEX IF NOT EXISTS payload_by_device ON payload (device, received_at);
  CREATE TABLE IF NOT EXISTS held (
    device INTEGER PRIMARY KEY, bytes INTEGER NOT NULL, frames INTEGER NOT NULL, sealed INTEGER NOT NULL);
  CREATE INDEX IF NOT EXISTS held_by_bytes ON held (bytes);
  CREATE TABLE IF NOT EXISTS fallen (
    cause TEXT NOT NULL, reason TEXT NOT NULL, payloads INTEGER NOT NULL, frames INTEGER NOT NULL,
    sealed INTEGER NOT NULL, bytes INTEGER NOT NULL, PRIMARY KEY (cause, reason)) WITHOUT ROWID;
`;

/** What a payload takes beside its bytes: keys, indexes, a part of a page. */
const ROW_BYTES = 256;

/** Refused payloads that fall out in one commit for their age; the rest follow at the next look. */
const AGED_AT_ONCE_MAX = 1_024;

export const NO_LIMITS: QuarantineLimits = { bytesMax: Number.MAX_SAFE_INTEGER, ageMsMax: Number.MAX_SAFE_INTEGER };

/**
 * Refused payloads, whole, at home, in a file of their own. It holds so many bytes and no more: of the device that has most in
 * it the payload that came last but one falls out, so that a flood washes away itself and neither the evidence against others
 * nor how it began.
 */
export function sqliteQuarantine(file: string, limits: QuarantineLimits = NO_LIMITS): Quarantine {
  const database = openDatabase(file, '');
  if (isOld(database)) database.exec('ALTER TABLE payload ADD COLUMN sealed INTEGER NOT NULL DEFAULT 0');
  database.exec(SCHEMA);
  countHeld(database);
  const sums = database.prepare(
    'SELECT coalesce(sum(bytes), 0) AS bytes, coalesce(sum(frames), 0) AS frames, coalesce(sum(sealed), 0) AS sealed FROM held',
  );
  const fallenRows = database.prepare('SELECT * FROM fallen ORDER BY cause, reason');
  let held = sums.get() as Held;
  let fallen = fallenRows.all() as FallenEvidence[];

  const keep = keeperOf(database);
  const drop = dropperOf(database);
  const largest = database.prepare('SELECT device FROM held ORDER BY bytes DESC LIMIT 1').pluck();
  const lastButOne = database.prepare(
    'SELECT device, digest FROM payload WHERE device = ? ORDER BY received_at DESC LIMIT 1 OFFSET 1',
  );
  const last = database.prepare('SELECT device, digest FROM payload WHERE device = ? LIMIT 1');
  const aged = database.prepare(
    `SELECT device, digest FROM payload WHERE received_at < ? ORDER BY received_at LIMIT ${AGED_AT_ONCE_MAX}`,
  );
  const makeRoom = (): void => {
    let { bytes } = sums.get() as Held;
    while (bytes > limits.bytesMax) {
      const device = largest.get() as number | undefined;
      const row = device === undefined ? undefined : ((lastButOne.get(device) ?? last.get(device)) as Name | undefined);
      if (row === undefined) return;
      bytes -= drop(row, 'full');
    }
  };
  const insertAll = database.transaction((payloads: Parameters<Quarantine['insert']>[0]) => {
    let added = 0;
    for (const payload of payloads) added += keep(payload);
    makeRoom();
    return added;
  });
  const expireAll = database.transaction((before: number) => {
    for (const row of aged.all(before) as Name[]) drop(row, 'age');
  });
  const refresh = (): void => {
    held = sums.get() as Held;
    fallen = fallenRows.all() as FallenEvidence[];
  };
  const sumFallen = (pick: (row: FallenEvidence) => number): number => fallen.reduce((sum, row) => sum + pick(row), 0);
  return {
    insert: (payloads) => {
      const added = insertAll(payloads);
      refresh();
      return added;
    },
    expire: (now: Instant) => {
      if (aged.get(now - limits.ageMsMax) === undefined) return;
      expireAll(now - limits.ageMsMax);
      refresh();
    },
    count: () => held.frames + sumFallen(({ frames }) => frames),
    sealedCount: () => held.sealed + sumFallen(({ sealed }) => sealed),
    held: () => ({ frames: held.frames, bytes: held.bytes }),
    fallen: () => fallen,
    close: () => {
      database.close();
    },
  };
}

interface Held {
  readonly bytes: number;
  readonly frames: number;
  readonly sealed: number;
}

interface Name {
  readonly device: number;
  readonly digest: Uint8Array;
}

function isOld(database: StoreDatabase): boolean {
  const columns = database.prepare("SELECT name FROM pragma_table_info('payload')").pluck().all();
  return columns.length > 0 && !columns.includes('sealed');
}

/** A file from before there were limits has no sums yet. */
function countHeld(database: StoreDatabase): void {
  database.exec(`
    INSERT INTO held SELECT device, sum(length(payload) + ${ROW_BYTES}), sum(frames), sum(frames * sealed) FROM payload
    WHERE NOT EXISTS (SELECT 1 FROM held) GROUP BY device`);
}

/** Gives the frames of a payload that is new. */
function keeperOf(database: StoreDatabase): (payload: Parameters<Quarantine['insert']>[0][number]) => number {
  const insert = database.prepare(
    'INSERT INTO payload VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (device, digest) DO NOTHING',
  );
  const add = database.prepare(`
    INSERT INTO held VALUES (?, ?, ?, ?) ON CONFLICT (device)
    DO UPDATE SET bytes = bytes + excluded.bytes, frames = frames + excluded.frames, sealed = sealed + excluded.sealed`);
  return ({ deviceNumber, receivedAt, reason, frames, isSealed = false, payload }) => {
    const digest = createHash('sha256').update(payload).digest();
    const isNew = insert.run(deviceNumber, digest, receivedAt, reason, frames, payload, isSealed ? 1 : 0).changes > 0;
    if (!isNew) return 0;
    add.run(deviceNumber, payload.length + ROW_BYTES, frames, isSealed ? frames : 0);
    return frames;
  };
}

/** Gives the bytes that are free again. */
function dropperOf(database: StoreDatabase): (row: Name, cause: FallenEvidence['cause']) => number {
  const remove = database.prepare(
    'DELETE FROM payload WHERE device = ? AND digest = ? RETURNING reason, frames, length(payload) AS bytes, sealed',
  );
  const subtract = database.prepare(
    'UPDATE held SET bytes = bytes - ?, frames = frames - ?, sealed = sealed - ? WHERE device = ?',
  );
  const note = database.prepare(`
    INSERT INTO fallen VALUES (?, ?, 1, ?, ?, ?) ON CONFLICT (cause, reason) DO UPDATE SET payloads = payloads + 1,
      frames = frames + excluded.frames, sealed = sealed + excluded.sealed, bytes = bytes + excluded.bytes`);
  return ({ device, digest }, cause) => {
    const row = remove.get(device, digest) as { reason: string; frames: number; bytes: number; sealed: number };
    const sealed = row.sealed * row.frames;
    subtract.run(row.bytes + ROW_BYTES, row.frames, sealed, device);
    note.run(cause, row.reason, row.frames, sealed, row.bytes);
    return row.bytes + ROW_BYTES;
  };
}
