import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { causeText, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { copyStore, countStore, type NamedTables, type TableDigest } from '../adapters/sql/copy-tables.ts';
import type { InstallationRecord } from '../adapters/sql/installation.ts';
import { MOVED_STORES, type MovedStore } from '../adapters/sql/moved-stores.table.ts';
import { postgresDatabase } from '../adapters/sql/postgres-database.ts';
import { sqliteReadOnly } from '../adapters/sql/sqlite-database.ts';
import { openLogs } from '../composition/open-logs.ts';
import type { CloudConfig } from '../config/config.ts';
import { asLeader } from '../lead.ts';
import { logMissing } from '../log/faults.ts';
import { openLog } from '../log/open-log.ts';
import { databaseFault } from './database-fault.ts';
import { leadershipOf } from './leadership-of.ts';
import { connectPostgres, initialisePostgres, type OpenPostgres, recordOf, type StoresOf } from './open-postgres.ts';
import { type RetiredMove, retire, retiredMoves, setAside } from './retired-stores.ts';
import { STORE_OPENERS } from './store-openers.ts';

/** What was moved, or what would be. */
export interface MoveReport {
  readonly state: 'moved' | 'nothing-to-move';
  readonly stores: readonly MovedStoreReport[];
}

export interface MovedStoreReport {
  readonly store: string;
  readonly rows: number;
  /** Over all of its rows as they stand in the file and, read again, in the database. */
  readonly sha256: string;
}

export interface MoveAround extends Pick<RoleSurroundings, 'clock' | 'err' | 'fault' | 'report' | 'stopRequested'> {
  /** Account of the operating system that does it. */
  readonly uid: number | undefined;
  /** Of the threads; the compiled ones in tests. */
  readonly program?: URL;
  readonly lockProgram?: URL;
}

/**
 * Moves the stores that lie in files into the configured database. No cloud of the installation runs meanwhile.
 *
 * Until `retired.json` is there the files count, and whoever runs this again copies them again; from then on the database does,
 * and whoever runs this again finishes. In between nothing starts over either: a cloud over files asks for the mark, and one
 * over the database for files that are gone and a move that is done.
 *
 * Faults: LEADER_EXISTS, LOG_IN_USE, those of the database, and MOVE_FAILED.
 */
export async function moveStores(
  loaded: LoadedConfig<CloudConfig>,
  around: MoveAround,
): Promise<Result<MoveReport, Fault>> {
  const { config, path } = loaded;
  if (config.stores.database.kind === 'sqlite') return fail(databaseFault('MOVE_NO_DATABASE'));
  const logs = path(config.log.directory);
  if (!existsSync(logs)) return fail(logMissing(logs));
  let report: Result<MoveReport, Fault> = fail(databaseFault('MOVE_FAILED'));
  const { leadership, close } = leadershipOf(loaded, around.lockProgram);
  const led = await asLeader(leadership, { role: 'migrate', standsBy: false }, around, async () => {
    report = attempt(() => moveAlone(loaded, around));
    return ok(undefined);
  }).finally(close);
  return led.ok ? report : led;
}

function moveAlone(loaded: LoadedConfig<CloudConfig>, around: MoveAround): Result<MoveReport, Fault> {
  const logs = openLogs(loaded.config, loaded.path, around.clock, openLog);
  if (!logs.ok) return logs;
  const { operations, alerts } = logs.value;
  const { access } = loaded.config;
  const actor = access?.accounts.find((one) => one.uid === around.uid)?.account ?? `uid-${around.uid ?? 'unknown'}`;
  const enter: MoveParts['enter'] = (kind, document) => operations.append([{ kind, transferId: '', actor, document }]);
  try {
    const made = initialisePostgres(loaded, around.clock, around.program);
    if (!made.ok) return made;
    const database = connectPostgres(loaded, around.clock, around.program);
    if (!database.ok) return database;
    if (database.value === undefined) return fail(databaseFault('MOVE_NO_DATABASE'));
    try {
      return moveInto(loaded, { database: database.value, enter, now: around.clock });
    } finally {
      database.value.close();
    }
  } finally {
    operations.close();
    alerts.close();
  }
}

interface MoveParts {
  readonly database: OpenPostgres;
  readonly enter: (kind: 'stores-move' | 'stores-moved', document: object) => Result<unknown, Fault>;
  readonly now: MoveAround['clock'];
}

function moveInto(loaded: StoresOf, { database, enter, now }: MoveParts): Result<MoveReport, Fault> {
  const directory = loaded.path(loaded.config.stores.directory);
  const record = recordOf(database.session);
  const finish = (move: RetiredMove): Result<MoveReport, Fault> => {
    const { id, database: to } = move;
    const stores = move.stores.map(({ store, rows, sha256 }) => ({ store, rows, sha256 }));
    const done = enter('stores-moved', { move: id, database: to, stores });
    if (!done.ok) return done;
    record.endMove(id);
    setAside(directory, move);
    return ok({ state: 'moved', stores });
  };
  const known = retiredMoves(directory);
  const standing = record.moves();
  const unfinished = known.find(({ id }) => standing.some((one) => one.id === id && one.state === 'copied'));
  if (unfinished !== undefined) return finish(unfinished);
  const lost = known.find(({ id }) => !standing.some((one) => one.id === id));
  if (lost !== undefined) return fail(databaseFault('DATABASE_WITHOUT_MOVE', lost.database));
  // Killed while files were given other names: the mark names them, and what is in them is in the database.
  for (const move of known) setAside(directory, move);
  const stores = MOVED_STORES.filter(({ file }) => existsSync(join(directory, file)));
  if (stores.length === 0) return ok({ state: 'nothing-to-move', stores: [] });
  const [id, to] = [randomBytes(16).toString('hex'), nameOf(loaded)];
  const begun = enter('stores-move', { move: id, database: to, stores: stores.map(({ store }) => store) });
  if (!begun.ok) return begun;
  const copied = copyAll(directory, stores, { database, record, id, now });
  if (!copied.ok) return copied;
  const move = { id, database: to, stores: copied.value };
  retire(directory, move);
  return finish(move);
}

/** One transaction, so that what was cut short left nothing. */
function copyAll(
  directory: string,
  stores: readonly MovedStore[],
  {
    database,
    record,
    id,
    now,
  }: { database: OpenPostgres; record: InstallationRecord; id: string; now: MoveParts['now'] },
): Result<RetiredMove['stores'], Fault> {
  const to = postgresDatabase<NamedTables>(database.session);
  const opened = stores.map((store) => ({ store, source: openFile(directory, store) }));
  try {
    return database.session.transaction(() => {
      if (isInUse(to, record, stores)) return fail(databaseFault('MOVE_INTO_USED'));
      record.forgetCopies();
      const moved = opened.map(({ store, source }) => reportOf(store, copyStore(source.tables, to, store)));
      record.addMove({ id, state: 'copied', stores: JSON.stringify(moved), at: now.now() });
      return ok(moved);
    });
  } finally {
    for (const { source } of opened) source.close();
  }
}

/** Whether a database has more of some store than tables begin with, and not from a move of that very store that was cut short. */
export function isInUse(
  to: Parameters<typeof countStore>[0],
  record: InstallationRecord,
  stores: readonly MovedStore[],
): boolean {
  const cutShort = record.moves().filter(({ state }) => state === 'copied');
  const copied = new Set(
    cutShort.flatMap((move) => JSON.parse(move.stores) as RetiredMove['stores']).map(({ store }) => store),
  );
  return stores.some(
    ({ store, tables }) =>
      !copied.has(store) && countStore(to, tables).some((rows, at) => rows > 0 && tables[at]?.isSeeded !== true),
  );
}

/** A file of an older version is brought to this one by its store, which stays open so that its log is written back at the end. */
function openFile(directory: string, { store: name, file }: MovedStore) {
  const path = join(directory, file);
  const shut = STORE_OPENERS[name](path);
  const tables = sqliteReadOnly<NamedTables>(path);
  return {
    tables,
    close: () => {
      tables.close();
      shut();
    },
  };
}

function reportOf({ store, file }: MovedStore, digests: readonly TableDigest[]): RetiredMove['stores'][number] {
  const sha256 = createHash('sha256').update(JSON.stringify(digests)).digest('hex');
  return { store, file, rows: digests.reduce((sum, { rows }) => sum + rows, 0), sha256 };
}

function nameOf({ config }: StoresOf): string {
  const { database } = config.stores;
  return database.kind === 'sqlite' ? '' : `${database.host}:${database.port}/${database.database} ${database.schema}`;
}

function attempt<T>(work: () => Result<T, Fault>): Result<T, Fault> {
  try {
    return work();
  } catch (cause) {
    return fail(databaseFault('MOVE_FAILED', causeText(cause)));
  }
}
