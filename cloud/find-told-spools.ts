import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../proto/words/time.ts';
import { postgresToldSpools } from './adapters/postgres-stores.ts';
import { readToldSpools } from './adapters/sqlite-told-spools.ts';
import { openPostgres, type StoresOf } from './database/open-postgres.ts';
import type { Ledger } from './ports/ledger.ts';
import { LEDGER_FILE } from './store-names.ts';

/**
 * What devices told last of their spools, without the other stores; undefined where no cloud has run yet.
 *
 * @throws Error for a ledger that cannot be looked into
 */
export function findToldSpools(loaded: StoresOf, clock: Clock): Pick<Ledger, 'spool' | 'close'> | undefined {
  const database = openPostgres(loaded, clock);
  if (!database.ok) throw new Error(database.fault.problem.en);
  if (database.value !== undefined) {
    const { session, close } = database.value;
    return { ...postgresToldSpools(session), close };
  }
  const file = join(loaded.path(loaded.config.stores.directory), LEDGER_FILE);
  return existsSync(file) ? readToldSpools(file) : undefined;
}
