import { createHash } from 'node:crypto';
import { assert } from '../../proto/words/result.ts';
import type { Instant } from '../../proto/words/time.ts';
import type {
  DroppedKey,
  FallenEvidence,
  Quarantine,
  QuarantinedPayload,
  QuarantineLimits,
  QuarantineReader,
} from '../ports/zone-store.ts';
import type { DataKeys } from '../zones/data-keys.ts';
import { seal, unseal } from '../zones/envelope.ts';
import { shanghaiDay } from '../zones/group-records.ts';
import { eraseLog, openSealedDatabase, type StoreDatabase } from './open-database.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS payload (
    device INTEGER NOT NULL, digest BLOB NOT NULL, received_at INTEGER NOT NULL, reason TEXT NOT NULL,
    frames INTEGER NOT NULL, sealed INTEGER NOT NULL, key INTEGER NOT NULL, number INTEGER NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (device, digest), UNIQUE (key, number)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS payload_by_age ON payload (received_at);
  CREATE INDEX IF NOT EXISTS payload_by_device ON payload (device, received_at);
  CREATE INDEX IF NOT EXISTS payload_by_reason ON payload (reason, frames);
  CREATE TABLE IF NOT EXISTS held (
    device INTEGER PRIMARY KEY, bytes INTEGER NOT NULL, frames INTEGER NOT NULL, sealed INTEGER NOT NULL);
  CREATE INDEX IF NOT EXISTS held_by_bytes ON held (bytes);
  CREATE TABLE IF NOT EXISTS fallen (
    cause TEXT NOT NULL, reason TEXT NOT NULL, payloads INTEGER NOT NULL, frames INTEGER NOT NULL,
    sealed INTEGER NOT NULL, bytes INTEGER NOT NULL, PRIMARY KEY (cause, reason)) WITHOUT ROWID;
`;

/** What is in a payload is not known; it is deleted as the strictest is. */
const RETENTION = 'sensitive-on-request-10wd';

/** What a payload takes beside its bytes: keys, indexes, a part of a page. */
const ROW_BYTES = 256;

/** Refused payloads that fall out in one commit for their age; the rest follow at the next look. */
const AGED_AT_ONCE_MAX = 1_024;

export const NO_LIMITS: QuarantineLimits = { bytesMax: Number.MAX_SAFE_INTEGER, ageMsMax: Number.MAX_SAFE_INTEGER };

export interface QuarantineParts {
  readonly keys: DataKeys;
  /** Without them everything is kept. */
  readonly limits?: QuarantineLimits | undefined;
  /** For who reads a quarantine that another process writes. */
  readonly readonly?: boolean;
}

/**
 * Refused payloads, whole, at home, in a file of their own, each under a seal. It holds so many bytes and no more: of the
 * device that has most in it the payload that came last but one falls out, so that a flood washes away itself and neither
 * the evidence against others nor how it began.
 *
 * @throws Error for a file whose payloads are not sealed
 */
export function sqliteQuarantine(file: string, parts: QuarantineParts): Quarantine & QuarantineReader {
  const { keys, limits = NO_LIMITS, readonly = false } = parts;
  const database = openSealedDatabase(file, SCHEMA, readonly);
  const sums = database.prepare(SUMS);
  const fallenRows = database.prepare('SELECT * FROM fallen ORDER BY cause, reason');
  const reasons = database.prepare('SELECT reason, sum(frames) FROM payload GROUP BY reason').raw();
  let held = sums.get() as Held;
  let fallen = fallenRows.all() as FallenEvidence[];
  const work = workOn(database, keys, limits);
  const refresh = (): void => {
    held = sums.get() as Held;
    fallen = fallenRows.all() as FallenEvidence[];
  };
  const sumFallen = (pick: (row: FallenEvidence) => number): number => fallen.reduce((sum, row) => sum + pick(row), 0);
  return {
    insert: (payloads) => {
      const added = work.insert(payloads);
      refresh();
      return added;
    },
    expire: (now: Instant) => {
      if (!work.isAnyBefore(now - limits.ageMsMax)) return;
      work.expire(now - limits.ageMsMax);
      refresh();
    },
    drop: (dropped) => {
      keys.forget(dropped.map(({ id }) => id));
      const payloads = work.drop(dropped);
      refresh();
      eraseLog(database);
      return payloads;
    },
    count: () => held.frames + sumFallen(({ frames }) => frames),
    sealedCount: () => held.sealed + sumFallen(({ sealed }) => sealed),
    held: () => ({ frames: held.frames, bytes: held.bytes }),
    byReason: () => Object.fromEntries(reasons.all() as [string, number][]),
    fallen: () => fallen,
    payloads: () => payloadsIn(database, keys),
    close: () => {
      database.close();
    },
  };
}

const SUMS =
  'SELECT coalesce(sum(bytes), 0) AS bytes, coalesce(sum(frames), 0) AS frames, coalesce(sum(sealed), 0) AS sealed FROM held';

interface Held {
  readonly bytes: number;
  readonly frames: number;
  readonly sealed: number;
}

interface Name {
  readonly device: number;
  readonly digest: Uint8Array;
}

/** What changes the file; one transaction each. */
function workOn(database: StoreDatabase, keys: DataKeys, limits: QuarantineLimits) {
  const keep = keeperOf(database, keys);
  const drop = dropperOf(database);
  const makeRoom = roomMakerOf(database, drop, limits);
  const aged = database.prepare(
    `SELECT device, digest FROM payload WHERE received_at < ? ORDER BY received_at LIMIT ${AGED_AT_ONCE_MAX}`,
  );
  const underKeys = database.prepare(
    'SELECT device, digest FROM payload WHERE key IN (SELECT value FROM json_each(?))',
  );
  return {
    insert: database.transaction((payloads: readonly QuarantinedPayload[]) => {
      let added = 0;
      for (const payload of payloads) added += keep(payload);
      makeRoom();
      // The vault has the keys before anything is committed under them.
      keys.save();
      return added;
    }),
    isAnyBefore: (before: number) => aged.get(before) !== undefined,
    expire: database.transaction((before: number) => {
      for (const row of aged.all(before) as Name[]) drop(row, 'age');
    }),
    drop: database.transaction((dropped: readonly DroppedKey[]) => {
      const rows = underKeys.all(JSON.stringify(dropped.map(({ id }) => id))) as Name[];
      for (const row of rows) drop(row, 'deleted');
      return rows.length;
    }),
  };
}

function roomMakerOf(
  database: StoreDatabase,
  drop: ReturnType<typeof dropperOf>,
  { bytesMax }: QuarantineLimits,
): () => void {
  const sums = database.prepare(SUMS);
  const largest = database.prepare('SELECT device FROM held ORDER BY bytes DESC LIMIT 1').pluck();
  const lastButOne = database.prepare(
    'SELECT device, digest FROM payload WHERE device = ? ORDER BY received_at DESC LIMIT 1 OFFSET 1',
  );
  const last = database.prepare('SELECT device, digest FROM payload WHERE device = ? LIMIT 1');
  return () => {
    let { bytes } = sums.get() as Held;
    while (bytes > bytesMax) {
      const device = largest.get() as number | undefined;
      const row = device === undefined ? undefined : ((lastButOne.get(device) ?? last.get(device)) as Name | undefined);
      if (row === undefined) return;
      bytes -= drop(row, 'full');
    }
  };
}

/** Gives the frames of a payload that is new. */
function keeperOf(database: StoreDatabase, keys: DataKeys): (payload: QuarantinedPayload) => number {
  const find = database.prepare('SELECT 1 FROM payload WHERE device = ? AND digest = ?');
  const insert = database.prepare('INSERT INTO payload VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const add = database.prepare(`
    INSERT INTO held VALUES (?, ?, ?, ?) ON CONFLICT (device)
    DO UPDATE SET bytes = bytes + excluded.bytes, frames = frames + excluded.frames, sealed = sealed + excluded.sealed`);
  return ({ deviceNumber, receivedAt, reason, frames, isSealed = false, payload }) => {
    const digest = createHash('sha256').update(payload).digest();
    if (find.get(deviceNumber, digest) !== undefined) return 0;
    const { id, number, key } = keys.next({ deviceNumber, retention: RETENTION, day: shanghaiDay(receivedAt) });
    const sealed = isSealed ? 1 : 0;
    const head = { deviceNumber, receivedAt, reason, frames, sealed, key: id, number, digest };
    const body = seal(key, number, associatedData(head), payload);
    insert.run(deviceNumber, digest, receivedAt, reason, frames, sealed, id, number, body);
    add.run(deviceNumber, body.length + ROW_BYTES, frames, sealed * frames);
    return frames;
  };
}

/** Gives the bytes that are free again. */
function dropperOf(database: StoreDatabase): (row: Name, cause: FallenEvidence['cause']) => number {
  const remove = database.prepare(
    'DELETE FROM payload WHERE device = ? AND digest = ? RETURNING reason, frames, length(body) AS bytes, sealed',
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

interface PayloadHead extends Omit<QuarantinedPayload, 'payload' | 'isSealed'> {
  readonly digest: Buffer;
  /** 1 where the device had signed it, else 0. */
  readonly sealed: number;
  readonly key: number;
  readonly number: number;
}

const COLUMNS = 'device AS deviceNumber, digest, received_at AS receivedAt, reason, frames, sealed, key, number, body';

function* payloadsIn(database: StoreDatabase, keys: DataKeys): Iterable<QuarantinedPayload> {
  const rows = database.prepare(`SELECT ${COLUMNS} FROM payload ORDER BY received_at, device`).iterate();
  for (const row of rows as Iterable<PayloadHead & { readonly body: Buffer }>) {
    const key = keys.find(row.key);
    if (key === undefined) continue;
    const payload = unseal(key, row.number, associatedData(row), row.body);
    assert(payload !== undefined, 'a sealed payload is as it was written, and where it was written');
    const { deviceNumber, receivedAt, reason, frames, sealed } = row;
    yield { deviceNumber, receivedAt, reason, frames, isSealed: sealed === 1, payload };
  }
}

function associatedData(row: PayloadHead): Buffer {
  const { deviceNumber, receivedAt, reason, frames, sealed, key, number, digest } = row;
  const numbers = `${key}\0${number}\0${deviceNumber}\0${receivedAt}\0${reason}\0${frames}\0${sealed}`;
  return Buffer.concat([Buffer.from(`tongguan.v1.payload\0${numbers}\0`), digest]);
}
