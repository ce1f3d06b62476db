import { createHash, createPublicKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import { causeText, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Clock } from '../../proto/words/time.ts';
import {
  type InstallationRecord,
  type InstallationTables,
  installationRecord,
  type Owner,
} from '../adapters/sql/installation.ts';
import { MOVED_STORES } from '../adapters/sql/moved-stores.table.ts';
import { postgresConnection } from '../adapters/sql/postgres-connection.ts';
import { type PostgresSession, postgresDatabase, postgresSession } from '../adapters/sql/postgres-database.ts';
import type { PostgresSettings } from '../adapters/sql/postgres-messages.ts';
import { checkSchema, migrate } from '../adapters/sql/postgres-migrations.ts';
import type { SessionGuard } from '../adapters/sql/session-guard.ts';
import type { CloudConfig } from '../config/config.ts';
import type { PostgresConfig } from '../config/database-config.ts';
import { databaseFault } from './database-fault.ts';
import { retiredMoves, storesMoved } from './retired-stores.ts';

export interface OpenPostgres {
  readonly session: PostgresSession;
  readonly close: () => void;
}

/** What of the configuration says where the stores are, and whose they are. */
export type StoresOf = LoadedConfig<Pick<CloudConfig, 'stores' | 'log'>>;

/**
 * The database of an installation, with tables of this version; undefined where its stores are files.
 *
 * Faults: the server is not as it should be, its tables are not ours or another installation's, the directory holds files
 * that were never moved into it, or what was moved out of it is in another database: whoever counted from nothing would
 * permit too much.
 *
 * @param program - of the thread; the compiled one in tests
 * @param guard - of the process that leads
 */
export function openPostgres(
  loaded: StoresOf,
  clock: Clock,
  program?: URL,
  guard?: SessionGuard,
): Result<OpenPostgres | undefined, Fault> {
  const { config, path } = loaded;
  const directory = path(config.stores.directory);
  const [retired] = retiredMoves(directory);
  if (config.stores.database.kind === 'sqlite')
    return retired === undefined ? ok(undefined) : fail(storesMoved(retired));
  const left = MOVED_STORES.find(({ file }) => existsSync(join(directory, file)))?.file;
  if (left !== undefined) return fail(databaseFault('STORE_FILES_NOT_MOVED', left));
  return connectPostgres(loaded, clock, program, { check: (record) => checkMoves(record, directory), guard });
}

export interface Connecting {
  /** Of a database that is ours. */
  readonly check?: (record: InstallationRecord) => Result<void, Fault>;
  readonly guard?: SessionGuard | undefined;
}

/** The same whatever lies in the directory, for who moves it. */
export function connectPostgres(
  { config, path }: StoresOf,
  clock: Clock,
  program: URL | undefined,
  { check = () => ok(undefined), guard }: Connecting = {},
): Result<OpenPostgres | undefined, Fault> {
  const { database } = config.stores;
  if (database.kind === 'sqlite') return ok(undefined);
  return opened({ database, path, clock, program, guard }, ({ session }) => {
    const schema = checkSchema(session);
    if (!schema.ok) return schema;
    const record = recordOf(session);
    const own = checkOwner(record, ownerOf({ config, path }));
    return own.ok ? check(record) : own;
  });
}

/**
 * The same for a process that leads nothing and has no key of the logs: it knows whose the database is by the origin alone, and
 * holds it against no directory, since it has no stores of its own.
 */
export function connectPart(loaded: StoresOf, clock: Clock, program?: URL): Result<OpenPostgres | undefined, Fault> {
  const { config, path } = loaded;
  const { database } = config.stores;
  if (database.kind === 'sqlite') return ok(undefined);
  return opened({ database, path, clock, program }, ({ session }) => {
    const schema = checkSchema(session);
    if (!schema.ok) return schema;
    const owner = recordOf(session).owner();
    if (owner === undefined) return fail(databaseFault('DATABASE_NOT_CLAIMED'));
    const isOwn = owner.origin === config.log.origin;
    return isOwn ? ok(undefined) : fail(databaseFault('DATABASE_OTHER_INSTALLATION', owner.origin));
  });
}

/** Makes the tables of an installation, or brings them to this version. @returns what was done */
export function initialisePostgres(loaded: StoresOf, clock: Clock, program?: URL): Result<readonly string[], Fault> {
  const { config, path } = loaded;
  const { database } = config.stores;
  if (database.kind === 'sqlite') return ok([]);
  let taken: readonly string[] = [];
  const done = opened({ database, path, clock, program }, ({ session }) => {
    const made = migrate(session, database.schema, clock);
    if (!made.ok) return made;
    taken = made.value;
    const record = recordOf(session);
    record.claim(ownerOf(loaded));
    return checkOwner(record, ownerOf(loaded));
  });
  if (!done.ok) return done;
  done.value.close();
  return ok(taken);
}

export const recordOf = (session: PostgresSession): InstallationRecord =>
  installationRecord(postgresDatabase<InstallationTables>(session));

/** @throws the system's error when the key of the logs cannot be read */
function ownerOf({ config: { log }, path }: StoresOf): Owner {
  const spki = createPublicKey(readFileSync(path(log.signingKeyFile))).export({ type: 'spki', format: 'der' });
  return { origin: log.origin, keySha256: createHash('sha256').update(spki).digest('hex') };
}

function checkOwner(record: InstallationRecord, own: Owner): Result<void, Fault> {
  const owner = record.owner();
  if (owner === undefined) return fail(databaseFault('DATABASE_NOT_CLAIMED'));
  const isOwn = owner.origin === own.origin && owner.keySha256 === own.keySha256;
  return isOwn ? ok(undefined) : fail(databaseFault('DATABASE_OTHER_INSTALLATION', owner.origin));
}

/** The database has what the directory says was moved there, and nothing that was copied and never took its place. */
function checkMoves(record: InstallationRecord, directory: string): Result<void, Fault> {
  const moves = record.moves();
  if (moves.some(({ state }) => state === 'copied')) return fail(databaseFault('DATABASE_MOVE_UNFINISHED'));
  const lost = retiredMoves(directory).find(({ id }) => !moves.some((move) => move.id === id));
  return lost === undefined ? ok(undefined) : fail(databaseFault('DATABASE_WITHOUT_MOVE', lost.database));
}

interface Opening {
  readonly database: PostgresConfig;
  readonly path: LoadedConfig<unknown>['path'];
  readonly clock: Clock;
  readonly program: URL | undefined;
  readonly guard?: SessionGuard | undefined;
}

function opened(
  { database: config, path, clock, program, guard }: Opening,
  check: (database: OpenPostgres) => Result<unknown, Fault>,
): Result<OpenPostgres, Fault> {
  const connection = postgresConnection(settingsOf(config, path), clock, program);
  const database = { session: postgresSession(connection, guard), close: connection.close };
  const checked = attempt(() => check(database));
  if (checked.ok) return ok(database);
  connection.close();
  return checked;
}

function attempt(check: () => Result<unknown, Fault>): Result<unknown, Fault> {
  try {
    return check();
  } catch (cause) {
    return fail(databaseFault('DATABASE_NOT_USABLE', causeText(cause)));
  }
}

/** @throws the system's error when a certificate or the password cannot be read */
export function settingsOf(config: PostgresConfig, path: LoadedConfig<unknown>['path']): PostgresSettings {
  const { host, port, database, user, passwordFile, schema, security, domesticRanges } = config;
  const pem = (file: string): string => readFileSync(path(file), 'utf8');
  const tls =
    security.kind === 'tls'
      ? {
          ca: pem(security.caFile),
          ...(security.certificateFile !== undefined && { cert: pem(security.certificateFile) }),
          ...(security.keyFile !== undefined && { key: pem(security.keyFile) }),
        }
      : undefined;
  const password = passwordFile === undefined ? undefined : pem(passwordFile).trim();
  return { host, port, database, user, password, schema, tls, domesticRanges };
}
