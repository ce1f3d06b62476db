import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../proto/words/time.ts';
import { postgresRegisters } from './adapters/postgres-stores.ts';
import { sqliteRegisters } from './adapters/sqlite-registers.ts';
import { openPostgres, type StoresOf } from './database/open-postgres.ts';
import type { RegisterEntry } from './registers/kind.ts';
import { REGISTERS_FILE } from './store-names.ts';

/**
 * An entry of a register, without the other stores; none where there are no registers yet.
 *
 * @throws Error for registers that cannot be looked into: who may read is then nobody
 */
export function findRegisterEntry(loaded: StoresOf, clock: Clock, kind: string, id: string): RegisterEntry | undefined {
  const database = openPostgres(loaded, clock);
  if (!database.ok) throw new Error(database.fault.problem.en);
  const file = join(loaded.path(loaded.config.stores.directory), REGISTERS_FILE);
  if (database.value === undefined && !existsSync(file)) return undefined;
  const registers = database.value === undefined ? sqliteRegisters(file) : postgresRegisters(database.value.session);
  try {
    return registers.find(kind, id);
  } finally {
    registers.close();
    database.value?.close();
  }
}
