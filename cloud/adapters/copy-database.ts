import { closeSync, openSync } from 'node:fs';
import { loadSqlite } from '../../proto/config/load-sqlite.ts';

const OWNER_ONLY = 0o600;

/** Pages copied before other work gets its turn. */
const PAGES_PER_STEP = 4_096;

/**
 * Copies a database that others write, as it is at one moment, by SQLite's online backup.
 *
 * @param to - a file that is not there yet
 * @throws SqliteError when either file cannot be used
 */
export async function copyDatabase(from: string, to: string): Promise<void> {
  const source = new (loadSqlite())(from, { readonly: true, fileMustExist: true });
  try {
    // Within one reading transaction: every commit of a writer would otherwise begin the copy anew.
    source.exec('BEGIN');
    source.prepare('SELECT count(*) FROM sqlite_master').get();
    closeSync(openSync(to, 'wx', OWNER_ONLY));
    await source.backup(to, { progress: () => PAGES_PER_STEP });
    source.exec('COMMIT');
  } finally {
    source.close();
  }
  // One file and no write-ahead log beside it, also after somebody has looked into it.
  const copy = new (loadSqlite())(to);
  copy.pragma('journal_mode = DELETE');
  copy.close();
}

/** One number out of a database that nobody writes. */
export function countIn(file: string, sql: string): number {
  const database = new (loadSqlite())(file, { readonly: true, fileMustExist: true });
  try {
    return database.prepare(sql).pluck().get() as number;
  } finally {
    database.close();
  }
}

/** The bytes that the database would have as one file, at one moment. */
export function serializeDatabase(file: string): Uint8Array {
  const database = new (loadSqlite())(file, { readonly: true, fileMustExist: true });
  try {
    return database.serialize();
  } finally {
    database.close();
  }
}
