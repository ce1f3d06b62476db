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
    makeOwnFile(to);
    await source.backup(to, { progress: () => PAGES_PER_STEP });
    source.exec('COMMIT');
  } finally {
    source.close();
  }
  asOneFile(to);
}

/** Makes an empty file that only its owner reads. @throws the system's error for one that is there */
export function makeOwnFile(file: string): void {
  closeSync(openSync(file, 'wx', OWNER_ONLY));
}

/** One file and no write-ahead log beside it, also after somebody has looked into it. */
export function asOneFile(file: string): void {
  const database = new (loadSqlite())(file);
  database.pragma('journal_mode = DELETE');
  database.close();
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
