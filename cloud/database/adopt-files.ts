import { existsSync } from 'node:fs';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import { causeText, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type LeaderTables, leaderRecord } from '../adapters/sql/leader-record.ts';
import { postgresDatabase } from '../adapters/sql/postgres-database.ts';
import { openLogs } from '../composition/open-logs.ts';
import type { CloudConfig } from '../config/config.ts';
import { asLeader } from '../lead.ts';
import { logMissing } from '../log/faults.ts';
import { openLog } from '../log/open-log.ts';
import { databaseFault } from './database-fault.ts';
import { checkMarks, markedDirectories, readMark } from './files-mark.ts';
import { leadershipOf } from './leadership-of.ts';
import { markAnew } from './leading.ts';
import type { MoveAround } from './move-stores.ts';
import { openPostgres } from './open-postgres.ts';

/** Terms of the files and of the database before; `current` where they went together already. */
export interface Adoption {
  readonly state: 'adopted' | 'current';
  /** Undefined for files that never went with a database. */
  readonly files: number | undefined;
  readonly database: number;
}

/**
 * Has the database go on with the files that are here, for who has lost those it went with. Nobody leads meanwhile. What was only in the lost files
 * stays lost; it is entered in the operations log first, and not done where it cannot be.
 *
 * Faults: LEADER_EXISTS, LEADER_UNKNOWN, LOG_IN_USE, those of the database.
 */
export async function adoptFiles(
  loaded: LoadedConfig<CloudConfig>,
  around: MoveAround,
): Promise<Result<Adoption, Fault>> {
  const { config, path } = loaded;
  if (config.stores.database.kind === 'sqlite') return fail(databaseFault('MOVE_NO_DATABASE'));
  const logs = path(config.log.directory);
  if (!existsSync(logs)) return fail(logMissing(logs));
  let outcome: Result<Adoption, Fault> = fail(databaseFault('DATABASE_NOT_USABLE'));
  const { leadership, close } = leadershipOf(loaded, around.lockProgram);
  const led = await asLeader(leadership, { role: 'migrate', standsBy: false }, around, async () => {
    outcome = adoptAlone(loaded, around);
    return ok(undefined);
  }).finally(close);
  return led.ok ? outcome : led;
}

function adoptAlone(loaded: LoadedConfig<CloudConfig>, { clock, program, uid }: MoveAround): Result<Adoption, Fault> {
  const logs = openLogs(loaded.config, loaded.path, clock, openLog);
  if (!logs.ok) return logs;
  const { operations, alerts } = logs.value;
  const database = openPostgres(loaded, clock, program);
  try {
    if (!database.ok) return database;
    if (database.value === undefined) return fail(databaseFault('MOVE_NO_DATABASE'));
    const record = leaderRecord(postgresDatabase<LeaderTables>(database.value.session));
    const directories = markedDirectories(loaded);
    const standing = record.standing();
    const terms = { files: directories.map(readMark).find((one) => one !== undefined)?.term, database: standing.term };
    if (checkMarks(directories, standing) === undefined) return ok({ state: 'current', ...terms });
    const actor = loaded.config.access?.accounts.find((one) => one.uid === uid)?.account ?? `uid-${uid ?? 'unknown'}`;
    const entered = operations.append([{ kind: 'files-adopted', transferId: '', actor, document: terms }]);
    if (!entered.ok) return entered;
    markAnew(directories, record);
    return ok({ state: 'adopted', ...terms });
  } catch (cause) {
    return fail(databaseFault('DATABASE_NOT_USABLE', causeText(cause)));
  } finally {
    operations.close();
    alerts.close();
    if (database.ok) database.value?.close();
  }
}
