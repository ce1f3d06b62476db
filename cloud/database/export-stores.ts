import { join } from 'node:path';
import { causeText, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Clock } from '../../proto/words/time.ts';
import { asOneFile, makeOwnFile } from '../adapters/copy-database.ts';
import { copyStore, type NamedTables } from '../adapters/sql/copy-tables.ts';
import { MOVED_STORES } from '../adapters/sql/moved-stores.table.ts';
import { postgresDatabase } from '../adapters/sql/postgres-database.ts';
import { sqliteDatabase } from '../adapters/sql/sqlite-database.ts';
import { databaseFault } from './database-fault.ts';
import { openPostgres, type StoresOf } from './open-postgres.ts';
import { STORE_OPENERS } from './store-openers.ts';

/**
 * Writes what a database has of the stores into files, as they would be without it: all of them as at one moment, each table
 * read back. A cloud may run meanwhile.
 *
 * @param directory - where none of these files is yet
 * @returns names of the files; none where stores are files anyhow
 *
 * Faults: those of the database, DATABASE_NOT_USABLE for what broke meanwhile.
 */
export function exportStores(
  loaded: StoresOf,
  directory: string,
  clock: Clock,
  program?: URL,
): Result<readonly string[], Fault> {
  const opened = openPostgres(loaded, clock, program);
  if (!opened.ok) return opened;
  if (opened.value === undefined) return ok([]);
  const { session, close } = opened.value;
  const from = postgresDatabase<NamedTables>(session);
  const targets = MOVED_STORES.map((store) => ({ store, path: join(directory, store.file) }));
  try {
    for (const { store, path } of targets) {
      makeOwnFile(path);
      STORE_OPENERS[store.store](path)();
    }
    session.transaction(() => {
      for (const { store, path } of targets) {
        const to = sqliteDatabase<NamedTables>(path, '');
        try {
          to.transaction(() => copyStore(from, to, store));
        } finally {
          to.close();
        }
      }
    });
    for (const { path } of targets) asOneFile(path);
    return ok(MOVED_STORES.map(({ file }) => file));
  } catch (cause) {
    return fail(databaseFault('DATABASE_NOT_USABLE', causeText(cause)));
  } finally {
    close();
  }
}
