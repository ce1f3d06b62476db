import { createHash } from 'node:crypto';
import { bilingual, type Fault } from '../../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../../proto/words/result.ts';
import type { Clock } from '../../../proto/words/time.ts';
import type { PostgresSession } from './postgres-database.ts';
import { MIGRATIONS, type Migration } from './postgres-schema.table.ts';

/** Two processes that begin at once take the steps one after the other. */
const LOCK: number = 0x54474d31;

const digestOf = ({ text }: Migration): string => createHash('sha256').update(text).digest('hex');

/**
 * Brings the schema of a database to that of this version, each step in a transaction of its own.
 *
 * @returns titles of the steps that were taken
 */
export function migrate(
  session: PostgresSession,
  schema: string,
  clock: Clock,
  migrations: readonly Migration[] = MIGRATIONS,
): Result<readonly string[], Fault> {
  session.ask([{ text: `CREATE SCHEMA IF NOT EXISTS ${schema}`, values: [] }]);
  session.ask([{ text: MIGRATION_TABLE, values: [] }]);
  const taken: string[] = [];
  for (const one of migrations) {
    const isTaken = session.transaction(() => {
      session.ask([{ text: 'SELECT pg_advisory_xact_lock($1)', values: [LOCK] }]);
      if (takenSteps(session).has(one.number)) return false;
      session.ask([{ text: one.text, values: [] }]);
      const values = [one.number, one.title, digestOf(one), clock.now()];
      session.ask([{ text: 'INSERT INTO migration VALUES ($1, $2, $3, $4)', values }]);
      return true;
    });
    if (isTaken) taken.push(one.title);
  }
  const standing = checkSchema(session, migrations);
  return standing.ok ? ok(taken) : standing;
}

/** Whether the database has the schema of this version: neither less, nor more, nor another. */
export function checkSchema(
  session: PostgresSession,
  migrations: readonly Migration[] = MIGRATIONS,
): Result<void, Fault> {
  const [there] = session.ask([{ text: "SELECT count(to_regclass('migration'))", values: [] }]);
  if (there?.rows[0]?.[0] !== 1) return fail(schemaFault('DATABASE_NOT_INITIALISED'));
  const steps = takenSteps(session);
  const isKnown = (number: number): boolean => migrations.some((one) => one.number === number);
  if ([...steps.keys()].some((number) => !isKnown(number))) return fail(schemaFault('DATABASE_NEWER'));
  if (migrations.some(({ number }) => !steps.has(number))) return fail(schemaFault('DATABASE_OLDER'));
  const isOther = migrations.some((one) => steps.get(one.number) !== digestOf(one));
  return isOther ? fail(schemaFault('DATABASE_OTHER_SCHEMA')) : ok(undefined);
}

const MIGRATION_TABLE = `CREATE TABLE IF NOT EXISTS migration (
  number bigint PRIMARY KEY, title text NOT NULL, digest text NOT NULL, applied_at bigint NOT NULL)`;

function takenSteps(session: PostgresSession): ReadonlyMap<number, string> {
  const [steps] = session.ask([{ text: 'SELECT number, digest FROM migration', values: [] }]);
  return new Map((steps?.rows ?? []).map(([number, digest]) => [Number(number), String(digest)]));
}

type SchemaFault = 'DATABASE_NOT_INITIALISED' | 'DATABASE_NEWER' | 'DATABASE_OLDER' | 'DATABASE_OTHER_SCHEMA';

function schemaFault(code: SchemaFault): Fault<SchemaFault> {
  const [problem, remedy] = TEXT[code];
  return { code, problem, remedy, retry: 'after-remedy' };
}

const TEXT: Readonly<Record<SchemaFault, readonly [Fault['problem'], Fault['remedy']]>> = {
  DATABASE_NOT_INITIALISED: [
    bilingual('the database holds no tables of this product', '数据库中没有本产品的表'),
    bilingual(
      'check `database` and `schema` of `stores.database`; a new installation begins with `tongguan cloud --initialise`',
      '请检查 `stores.database` 中的 `database` 与 `schema`；新部署请运行 `tongguan cloud --initialise`',
    ),
  ],
  DATABASE_NEWER: [
    bilingual('the tables of the database are of a newer version', '数据库表由更新版本创建'),
    bilingual('start the version that made them, or a later one', '请启动创建这些表的版本或更高版本'),
  ],
  DATABASE_OLDER: [
    bilingual('the tables of the database are of an older version', '数据库表由旧版本创建'),
    bilingual(
      'stop every cloud of the older version, then run `tongguan cloud --initialise`',
      '请停止所有旧版本云端，然后运行 `tongguan cloud --initialise`',
    ),
  ],
  DATABASE_OTHER_SCHEMA: [
    bilingual('a step of the schema is not the one of this version', '数据库架构中的某一步与本版本不一致'),
    bilingual(
      'the database belongs to another build: start that one, or restore a dump made by this one',
      '该数据库属于其他构建：请启动该构建，或恢复由本构建导出的备份',
    ),
  ],
};
