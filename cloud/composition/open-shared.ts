import { join } from 'node:path';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import type { Fault } from '../../proto/words/fault.ts';
import { ok, type Result } from '../../proto/words/result.ts';
import type { Clock } from '../../proto/words/time.ts';
import { postgresPolicies, postgresRoster } from '../adapters/postgres-stores.ts';
import { sqliteDeviceRegister } from '../adapters/sqlite-device-register.ts';
import { sqlitePolicyArchive } from '../adapters/sqlite-policy-archive.ts';
import type { CloudConfig } from '../config/config.ts';
import { connectPart } from '../database/open-postgres.ts';
import { rosterRegister, type SharedRegister } from '../ingest/roster-register.ts';
import type { PolicyArchive } from '../ports/policy-archive.ts';
import { DEVICE_REGISTER_FILE, POLICIES_FILE } from '../store-names.ts';
import { attempt } from './upkeep.ts';

/** How often the register is looked at for devices that may connect no longer or are believed less, and what was told to vehicles. */
export const LOOK_EVERY_MS = 1_000;

export interface Shared {
  readonly stores: { readonly register: SharedRegister; readonly policies: PolicyArchive };
  /** For who only reads them: what is remembered is held against what others wrote, time and again. @returns what ends it */
  readonly follow: (around: Pick<RoleSurroundings, 'fault'>) => () => void;
  readonly close: () => void;
}

/**
 * What every part looks at and several processes may have open: files that they share on one machine, or a database that
 * processes of any machine ask.
 *
 * @param openVin - for who has the key of the workers
 * @throws SqliteError when a file cannot be opened
 */
export function openShared(
  loaded: LoadedConfig<CloudConfig>,
  clock: Clock,
  openVin: Parameters<typeof rosterRegister>[2],
): Result<Shared, Fault> {
  const { config, path } = loaded;
  const database = connectPart(loaded, clock);
  if (!database.ok) return database;
  if (database.value !== undefined) {
    const { session, close } = database.value;
    const register = rosterRegister(postgresRoster(session), clock, openVin);
    return ok(shared({ register, policies: postgresPolicies(session) }, close));
  }
  const file = (name: string): string => join(path(config.stores.directory), name);
  const register = sqliteDeviceRegister(file(DEVICE_REGISTER_FILE));
  const policies = sqlitePolicyArchive(file(POLICIES_FILE));
  const close = (): void => {
    register.close();
    policies.close();
  };
  return ok(shared({ register, policies }, close));
}

function shared(stores: Shared['stores'], close: () => void): Shared {
  const look = (): void => {
    stores.register.hasChanged();
    stores.policies.look();
  };
  const follow: Shared['follow'] = (around) => {
    const timer = setInterval(() => attempt(look, around), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  };
  return { stores, follow, close };
}
