import { existsSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { loadSqlite } from '../../proto/config/load-sqlite.ts';

/** The cloud's only user of SQLite's binding; every store has a file of its own. */
export type StoreDatabase = Database.Database;

/** How long a commit waits for another process, and the cutting of a write-ahead log for its readers. */
const BUSY_WAIT_MS = 5_000;
const ERASE_WAIT_MS = 200;

/**
 * Opens a store. Commits reach the disk before they return (`synchronous = FULL`): what is acknowledged to a vehicle is
 * deleted there.
 *
 * @param cacheMib - pages kept in memory
 * @param journal - `TRUNCATE` for a file whose old pages may not lie beside it
 * @throws SqliteError when the file cannot be opened, is no database, or the disk is full
 */
export function openDatabase(
  file: string,
  schema: string,
  cacheMib = 16,
  journal: 'WAL' | 'TRUNCATE' = 'WAL',
): StoreDatabase {
  const Sqlite = loadSqlite();
  const database = new Sqlite(file);
  database.pragma(`journal_mode = ${journal}`);
  database.pragma('synchronous = FULL');
  database.pragma(`busy_timeout = ${BUSY_WAIT_MS}`);
  database.pragma(`cache_size = -${cacheMib * 1024}`);
  database.exec(schema);
  return database;
}

/**
 * Opens a store that another process or thread writes, for reading only.
 *
 * @throws SqliteError when it is not there
 */
export function openReadOnly(file: string): StoreDatabase {
  const Sqlite = loadSqlite();
  return new Sqlite(file, { readonly: true, fileMustExist: true });
}

/** `TGZ1`: marks a file whose records are sealed, or that holds keys. */
const SEALED_APPLICATION_ID = 0x54475a31;

/**
 * Opens a store of sealed records. What is deleted from it is overwritten in the file (`secure_delete`).
 *
 * @param readonly - for who reads a zone that another process writes
 * @throws Error for a file that is there and is no store of sealed records: its content is not looked at
 */
export function openSealedDatabase(file: string, schema: string, readonly = false): StoreDatabase {
  // Looked at before anything is opened for writing: what is refused is left as it was found.
  if (existsSync(file)) refuseUnsealed(file);
  if (readonly) return new (loadSqlite())(file, { readonly: true, fileMustExist: true });
  const database = openDatabase(file, '');
  database.pragma('secure_delete = ON');
  if (database.pragma('application_id', { simple: true }) !== SEALED_APPLICATION_ID)
    database.pragma(`application_id = ${SEALED_APPLICATION_ID}`);
  database.exec(schema);
  return database;
}

function refuseUnsealed(file: string): void {
  const database = new (loadSqlite())(file, { readonly: true });
  const isSealed = database.pragma('application_id', { simple: true }) === SEALED_APPLICATION_ID;
  const isEmpty = database.prepare('SELECT count(*) FROM sqlite_master').pluck().get() === 0;
  database.close();
  if (!isSealed && !isEmpty) throw new Error(UNSEALED);
}

/** Part of what `tongguan cloud` says when it does not start; docs/zones.md says what to do. */
const UNSEALED =
  'a zone file holds records that are not sealed, as installations had before zones had keys (docs/zones.md)';

/**
 * Takes what was deleted out of the write-ahead log as well: its pages go to the file, where they are overwritten, and it
 * is cut to nothing.
 *
 * @throws Error when another process still reads an older state; the deletion is then repeated
 */
export function eraseLog(database: StoreDatabase): void {
  // Waiting stops everything else that this process does, taking records in before all.
  database.pragma(`busy_timeout = ${ERASE_WAIT_MS}`);
  const [row] = database.pragma('wal_checkpoint(TRUNCATE)') as readonly { readonly busy: number }[];
  database.pragma(`busy_timeout = ${BUSY_WAIT_MS}`);
  if (row?.busy !== 0) throw new Error('another process still reads what was deleted');
}
