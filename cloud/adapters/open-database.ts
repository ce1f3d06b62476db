import type Database from 'better-sqlite3';
import { loadSqlite } from '../../proto/config/load-sqlite.ts';

/** The cloud's only user of SQLite's binding; every store has a file of its own. */
export type StoreDatabase = Database.Database;

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
  database.pragma('busy_timeout = 5000');
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
