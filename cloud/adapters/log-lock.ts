import { loadSqlite } from '../../proto/config/load-sqlite.ts';

/** How long a process waits for one that enters a line or two; a running cloud holds its logs for as long as it runs. */
const WAIT_MS = 2_000;

/**
 * Takes a lock that ends with the process at the latest, by a file that holds nothing.
 *
 * Node has no lock of files but SQLite's.
 *
 * @param waitMs - for another process to give it back; nothing else happens in this one meanwhile
 * @returns what gives it back, or undefined while another process has it
 * @throws SqliteError when the file cannot be made or written
 */
export function lockLog(file: string, waitMs = WAIT_MS): (() => void) | undefined {
  const Sqlite = loadSqlite();
  const database = new Sqlite(file);
  try {
    database.pragma(`busy_timeout = ${waitMs}`);
    database.exec('BEGIN EXCLUSIVE');
    return () => database.close();
  } catch (cause) {
    database.close();
    if ((cause as { readonly code?: unknown }).code === 'SQLITE_BUSY') return undefined;
    throw cause;
  }
}
