import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { causeText, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { countStore, type NamedTables } from '../adapters/sql/copy-tables.ts';
import { MOVED_STORES, type MovedStore } from '../adapters/sql/moved-stores.table.ts';
import { postgresDatabase } from '../adapters/sql/postgres-database.ts';
import { sqliteReadOnly } from '../adapters/sql/sqlite-database.ts';
import { databaseFault } from './database-fault.ts';
import { isInUse, type MoveAround } from './move-stores.ts';
import { connectPostgres, type OpenPostgres, recordOf, type StoresOf } from './open-postgres.ts';

/** A store that lies in a file, and how many rows it has. */
export interface StoreToMove {
  readonly store: string;
  readonly rows: number;
}

/** A move makes what is missing. */
const MADE_BY_MOVE = ['DATABASE_NOT_INITIALISED', 'DATABASE_OLDER', 'DATABASE_NOT_CLAIMED'];

/**
 * What a move would do. Reads both sides, beside a running cloud as well, and writes nothing.
 *
 * Faults: those of the database, MOVE_NO_DATABASE, MOVE_INTO_USED and MOVE_FAILED.
 */
export function checkMove(
  loaded: StoresOf,
  { clock, program }: Pick<MoveAround, 'clock' | 'program'>,
): Result<readonly StoreToMove[], Fault> {
  const { config, path } = loaded;
  if (config.stores.database.kind === 'sqlite') return fail(databaseFault('MOVE_NO_DATABASE'));
  try {
    const directory = path(config.stores.directory);
    const stores = MOVED_STORES.filter(({ file }) => existsSync(join(directory, file)));
    const database = connectPostgres(loaded, clock, program);
    if (!database.ok && !MADE_BY_MOVE.includes(database.fault.code)) return database;
    if (database.ok && isUsed(database.value, stores)) return fail(databaseFault('MOVE_INTO_USED'));
    return ok(stores.map((store) => ({ store: store.store, rows: rowsIn(directory, store) })));
  } catch (cause) {
    return fail(databaseFault('MOVE_FAILED', causeText(cause)));
  }
}

function isUsed(database: OpenPostgres | undefined, stores: readonly MovedStore[]): boolean {
  if (database === undefined) return false;
  try {
    return isInUse(postgresDatabase<NamedTables>(database.session), recordOf(database.session), stores);
  } finally {
    database.close();
  }
}

function rowsIn(directory: string, { file, tables }: MovedStore): number {
  const source = sqliteReadOnly<NamedTables>(join(directory, file));
  try {
    return countStore(source, tables).reduce((sum, rows) => sum + rows, 0);
  } finally {
    source.close();
  }
}
