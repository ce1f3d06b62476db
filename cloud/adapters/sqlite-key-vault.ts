import type { Zone } from '../../proto/words/data-class.ts';
import { assert } from '../../proto/words/result.ts';
import type { KeySelection, KeyVault, StoredKey, StoredSession } from '../ports/key-vault.ts';
import { eraseLog, openSealedDatabase, type StoreDatabase } from './open-database.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS zone (
    id INTEGER PRIMARY KEY CHECK (id = 0), name TEXT NOT NULL, public_key_digest BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS session (id INTEGER PRIMARY KEY, sealed BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS data_key (
    id INTEGER PRIMARY KEY, session INTEGER NOT NULL, device INTEGER NOT NULL, retention TEXT NOT NULL,
    day INTEGER NOT NULL, wrapped BLOB NOT NULL);
  CREATE INDEX IF NOT EXISTS data_key_by_device ON data_key (device, retention, day);
`;

export interface VaultOf {
  readonly zone: Zone;
  /** Of the zone's public key: a vault takes keys for one pair only. */
  readonly publicKeyDigest: Uint8Array;
}

/**
 * One SQLite file a zone, apart from the zone's.
 *
 * @throws Error when the file belongs to another zone or another key: what is sealed to a wrong key nobody reads again
 */
export function sqliteKeyVault(file: string, { zone, publicKeyDigest }: VaultOf, readonly = false): KeyVault {
  const database = openSealedDatabase(file, SCHEMA, readonly);
  if (!readonly) database.prepare('INSERT OR IGNORE INTO zone VALUES (0, ?, ?)').run(zone, publicKeyDigest);
  checkZone(database, { zone, publicKeyDigest });
  const addSession = database.prepare('INSERT INTO session VALUES (?, ?)');
  const addKey = database.prepare('INSERT INTO data_key VALUES (?, ?, ?, ?, ?, ?)');
  const removeKey = database.prepare('DELETE FROM data_key WHERE id = ?');
  const findSession = database.prepare('SELECT id, sealed FROM session WHERE id = ?');
  const findKey = database.prepare(`SELECT ${COLUMNS} FROM data_key WHERE id = ?`).raw();
  // In one transaction: else each look takes and lets go of the file's locks.
  const findKeys = database.transaction((ids: readonly number[]): readonly StoredKey[] => {
    const found: StoredKey[] = [];
    for (const id of ids) {
      const raw = findKey.get(id) as RawKey | undefined;
      if (raw === undefined) continue;
      const [, session, deviceNumber, retention, day, wrapped] = raw;
      found.push({ id, session, deviceNumber, retention, day, wrapped });
    }
    return found;
  });
  const setSeal = database.prepare('UPDATE session SET sealed = ? WHERE id = ?');
  const setDigest = database.prepare('UPDATE zone SET public_key_digest = ?');
  const add = database.transaction((session: StoredSession | undefined, keys: readonly StoredKey[]) => {
    checkZone(database, { zone, publicKeyDigest });
    if (session !== undefined) addSession.run(session.id, session.sealed);
    for (const { id, session: within, deviceNumber, retention, day, wrapped } of keys)
      addKey.run(id, within, deviceNumber, retention, day, wrapped);
  });
  const destroy = database.transaction((ids: readonly number[]) => {
    for (const id of ids) removeKey.run(id);
  });
  const reseal = database.transaction((sessions: readonly StoredSession[], digest: Uint8Array) => {
    for (const { id, sealed } of sessions) setSeal.run(sealed, id);
    setDigest.run(digest);
  });
  return {
    add,
    session: (id) => findSession.get(id) as StoredSession | undefined,
    keys: (ids) => findKeys(ids),
    sessions: () => database.prepare('SELECT id, sealed FROM session').all() as StoredSession[],
    select: (selection) => selectKeys(database, selection),
    destroy: (ids) => {
      destroy(ids);
      eraseLog(database);
    },
    reseal: (sessions, digest) => {
      reseal(sessions, digest);
      eraseLog(database);
    },
    serialize: () => database.serialize(),
    close: () => {
      database.close();
    },
  };
}

/** Digest of the public key that a vault is for. @throws Error when it is no vault of the zone */
export function keyVaultOwner(file: string, zone: Zone): Buffer {
  const database = openSealedDatabase(file, SCHEMA, true);
  const digest = database.prepare('SELECT public_key_digest FROM zone WHERE name = ?').pluck().get(zone);
  database.close();
  assert(Buffer.isBuffer(digest), 'a key vault belongs to one zone');
  return digest;
}

type RawKey = readonly [number, number, number, string, number, Buffer];

const COLUMNS = 'id, session, device AS deviceNumber, retention, day, wrapped';

function checkZone(database: StoreDatabase, expected: VaultOf): void {
  const row = database.prepare('SELECT name, public_key_digest AS digest FROM zone').get() as
    | { readonly name: string; readonly digest: Buffer }
    | undefined;
  assert(row?.name === expected.zone, 'a key vault belongs to one zone');
  if (!row.digest.equals(expected.publicKeyDigest))
    throw new Error(`the key vault of zone ${expected.zone} was made for another key of that zone`);
}

function selectKeys(
  database: StoreDatabase,
  { deviceNumbers, retention, beforeDay }: KeySelection,
): readonly StoredKey[] {
  const devices = deviceNumbers === undefined ? null : JSON.stringify(deviceNumbers);
  return database
    .prepare(
      `SELECT ${COLUMNS} FROM data_key WHERE (@devices IS NULL OR device IN (SELECT value FROM json_each(@devices)))
         AND (@retention IS NULL OR retention = @retention) AND (@beforeDay IS NULL OR day < @beforeDay)`,
    )
    .all({ devices, retention: retention ?? null, beforeDay: beforeDay ?? null }) as StoredKey[];
}
