import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadedConfig } from '../proto/config/read-config.ts';
import { bilingual, causeText, type Fault } from '../proto/words/fault.ts';
import { fail, ok, type Result } from '../proto/words/result.ts';
import type { Clock } from '../proto/words/time.ts';
import { postgresConnection } from './adapters/sql/postgres-connection.ts';
import { type PostgresSession, postgresSession } from './adapters/sql/postgres-database.ts';
import type { PostgresSettings } from './adapters/sql/postgres-messages.ts';
import { checkSchema, migrate } from './adapters/sql/postgres-migrations.ts';
import type { CloudConfig } from './config.ts';
import type { PostgresConfig } from './database-config.ts';
import { MOVED_FILES } from './store-names.ts';

export interface OpenPostgres {
  readonly session: PostgresSession;
  readonly close: () => void;
}

/**
 * The database of an installation, with tables of this version; undefined where its stores are files.
 *
 * Faults: the server is not as it should be, its tables are not ours, or the directory holds files that were never moved into
 * it: whoever counted from nothing would permit too much.
 *
 * @param program - of the thread; the compiled one in tests
 */
export function openPostgres(
  { config, path }: LoadedConfig<Pick<CloudConfig, 'stores'>>,
  clock: Clock,
  program?: URL,
): Result<OpenPostgres | undefined, Fault> {
  const { database, directory } = config.stores;
  if (database.kind === 'sqlite') return ok(undefined);
  const left = MOVED_FILES.find((name) => existsSync(join(path(directory), name)));
  if (left !== undefined) return fail(filesNotMoved(left));
  return opened(database, path, clock, program, ({ session }) => checkSchema(session));
}

/** Makes the tables, or brings them to this version. @returns what was done */
export function initialisePostgres(
  { config, path }: LoadedConfig<Pick<CloudConfig, 'stores'>>,
  clock: Clock,
  program?: URL,
): Result<readonly string[], Fault> {
  const { database } = config.stores;
  if (database.kind === 'sqlite') return ok([]);
  let taken: readonly string[] = [];
  const done = opened(database, path, clock, program, ({ session }) => {
    const made = migrate(session, database.schema, clock);
    if (made.ok) taken = made.value;
    return made;
  });
  if (!done.ok) return done;
  done.value.close();
  return ok(taken);
}

function opened(
  config: PostgresConfig,
  path: LoadedConfig<unknown>['path'],
  clock: Clock,
  program: URL | undefined,
  check: (database: OpenPostgres) => Result<unknown, Fault>,
): Result<OpenPostgres, Fault> {
  const connection = postgresConnection(settingsOf(config, path), clock, program);
  const database = { session: postgresSession(connection), close: connection.close };
  const checked = attempt(() => check(database));
  if (checked.ok) return ok(database);
  connection.close();
  return checked;
}

function attempt(check: () => Result<unknown, Fault>): Result<unknown, Fault> {
  try {
    return check();
  } catch (cause) {
    return fail(notUsable(causeText(cause)));
  }
}

/** @throws the system's error when a certificate or the password cannot be read */
function settingsOf(config: PostgresConfig, path: LoadedConfig<unknown>['path']): PostgresSettings {
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

function notUsable(cause: string): Fault<'DATABASE_NOT_USABLE'> {
  return {
    code: 'DATABASE_NOT_USABLE',
    problem: bilingual(`the database cannot be used: ${cause}`, `无法使用数据库：${cause}`),
    remedy: bilingual(
      'check `stores.database`, the server and the network to it; docs/postgres.md says what the server has to be',
      '请检查 `stores.database`、数据库服务器及其网络；对服务器的要求见 docs/postgres.md',
    ),
    retry: 'later',
  };
}

function filesNotMoved(file: string): Fault<'STORE_FILES_NOT_MOVED'> {
  return {
    code: 'STORE_FILES_NOT_MOVED',
    problem: bilingual(
      `\`stores.database.kind\` is \`postgres\`, and ${file} still lies in \`stores.directory\`: its persons would not be counted`,
      `\`stores.database.kind\` 为 \`postgres\`，但 \`stores.directory\` 中仍有 ${file}：其中的人数不会被计入`,
    ),
    remedy: bilingual(
      'set `kind: sqlite` again; move the stores before the configuration (docs/postgres.md)',
      '请恢复 `kind: sqlite`；须先迁移存储再修改配置（见 docs/postgres.md）',
    ),
    retry: 'after-remedy',
  };
}
