import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectory } from '../proto/config/make-directory.ts';
import { type LoadedConfig, readConfig } from '../proto/config/read-config.ts';
import { EXIT, REPORT_INTERVAL_MS, type RoleSurroundings } from '../proto/config/role.ts';
import { bilingual, causeText, type Fault, renderFault } from '../proto/words/fault.ts';
import { fail, ok, type Result } from '../proto/words/result.ts';
import { makeBackupKey } from './adapters/backup-key.ts';
import { makeZoneKeys } from './adapters/file-zone-keys.ts';
import { areaLookup } from './classification/areas.ts';
import { NO_AREA } from './classification/running-aggregates.ts';
import { openCatalogue } from './composition/open-catalogue.ts';
import { type CloudRole, roleNeedsLog } from './composition/open-flow.ts';
import { openLaw } from './composition/open-law.ts';
import { beginLog, type CloudLogs, openLogs } from './composition/open-logs.ts';
import { initialiseRecordLog, openRecordLog } from './composition/open-record-log.ts';
import { openStandbyDoor } from './composition/open-standby-door.ts';
import { openStores } from './composition/open-stores.ts';
import { runClassify, runIngress } from './composition/run-part.ts';
import { attempt as attemptUpkeep, type OpenCloud } from './composition/upkeep.ts';
import { CloudConfig } from './config/config.ts';
import { quarantineLimits } from './config/recheck-config.ts';
import { consolePortFault } from './console-port-fault.ts';
import { leadershipOf } from './database/leadership-of.ts';
import { checkFiles, type LeadingDatabase, openLeading } from './database/leading.ts';
import { initialisePostgres } from './database/open-postgres.ts';
import { asLeader, standbyNeedsStores } from './lead.ts';
import { logMissing } from './log/faults.ts';
import { openLog } from './log/open-log.ts';
import type { Lead } from './ports/leadership.ts';
import { runCloud } from './run-cloud.ts';
import { socketDirectories } from './socket-directory.ts';

/** How often files are marked anew: a copy that is older than two of these is known as one. */
const RENEW_EVERY_MS = 60_000;

export interface CloudPart {
  readonly role?: CloudRole;
  /** Waits while another process of the installation leads, in place of a fault. */
  readonly standsBy?: boolean;
}

/**
 * `tongguan cloud --config FILE [--initialise] [--role ROLE] [--standby]`: runs the mainland cloud until asked to stop.
 *
 * @param initialise - begin the logs and make the directories, once, and exit; refuses to begin over anything
 * @returns exit status: 0 stopped on request, 1 a fault, 2 a configuration that is wrong
 */
export async function runCloudRole(
  configFile: string,
  initialise: boolean,
  around: RoleSurroundings,
  { role = 'all', standsBy = false }: CloudPart = {},
): Promise<number> {
  const loaded = readConfig(CloudConfig, configFile, 'cloud', around.environment);
  if (!loaded.ok) {
    for (const fault of loaded.fault) around.err(renderFault('cloud', fault));
    return EXIT.usage;
  }
  const catalogue = openCatalogue(loaded.value);
  if (!catalogue.ok) {
    for (const fault of catalogue.fault) around.err(renderFault('cloud', fault));
    return EXIT.usage;
  }
  const outcome = initialise
    ? await initialiseCloud(loaded.value, around)
    : await run(loaded.value, around, { role, standsBy });
  if (outcome.ok) return EXIT.done;
  around.err(renderFault('cloud', outcome.fault));
  return EXIT.fault;
}

/** A role of its own has a part of the flow, and there may be several; `all` and `api` have the stores, and one of them leads. */
async function run(
  loaded: LoadedConfig<CloudConfig>,
  around: RoleSurroundings,
  { role, standsBy }: Required<CloudPart>,
): Promise<Result<void, Fault>> {
  if (role !== 'all' && loaded.config.recordLog.kind === 'sqlite') return fail(roleNeedsLog(role));
  if (role === 'all' || role === 'api') {
    const logs = loaded.path(loaded.config.log.directory);
    if (!existsSync(logs)) return fail(logMissing(logs));
    return lead(loaded, around, { role, standsBy });
  }
  if (standsBy) return fail(standbyNeedsStores(role));
  const started = role === 'ingress' ? runIngress(loaded, around) : runClassify(loaded, around);
  const running = await started.catch((cause: unknown) => fail(startFault(cause)));
  if (!running.ok) return running;
  around.err(`cloud: role ${role} started`);
  return untilStopped(running.value, around);
}

/** One process leads, by a lock of its machine and, over a database, by one of the server besides. */
async function lead(
  loaded: LoadedConfig<CloudConfig>,
  around: RoleSurroundings,
  { role, standsBy }: Required<CloudPart>,
): Promise<Result<void, Fault>> {
  const early = standsBy ? attempt(() => checkFiles(loaded, around.clock)) : ok(undefined);
  if (!early.ok) return early;
  const opened = attempt(() => ok(leadershipOf(loaded)));
  if (!opened.ok) return opened;
  const { leadership, close } = opened.value;
  const whileStandingBy = (): Promise<() => Promise<void>> => openStandbyDoor(loaded, around);
  const work = (own: Pick<Lead, 'isHeld' | 'lost'>) => serve(loaded, { ...around, ...own }, role);
  return asLeader(leadership, { role, standsBy }, { ...around, whileStandingBy }, work).finally(close);
}

/** @returns why it ended where nobody asked it to */
async function untilStopped(
  { status, stop }: { readonly status: () => object; readonly stop: () => Promise<void> },
  around: RoleSurroundings,
  ends: readonly Promise<Fault>[] = [],
): Promise<Result<void, Fault>> {
  const report = (): void => attemptUpkeep(() => around.report(status()), around);
  const timer = setInterval(report, REPORT_INTERVAL_MS);
  const why = await Promise.race([around.stopRequested, ...ends]);
  clearInterval(timer);
  // Said before what is under way is brought to its end, which may take a while.
  if (why !== undefined) around.err(`cloud: ends: ${why.problem.en} [${why.code}]`);
  else report();
  await stop();
  return why === undefined ? ok(undefined) : fail(why);
}

async function initialiseCloud(
  loaded: LoadedConfig<CloudConfig>,
  around: RoleSurroundings,
): Promise<Result<void, Fault>> {
  const { recordLog } = loaded.config;
  if (recordLog.kind === 'kafka') {
    const log = openRecordLog(recordLog, loaded.path);
    if (!log.ok) return log;
    const made = await initialiseRecordLog(log.value);
    if (!made.ok) return made;
    if (made.value.length > 0) around.err(`cloud: record log: made ${made.value.join(', ')}`);
  }
  const tables = attempt(() => initialisePostgres(loaded, around.clock));
  if (!tables.ok) return tables;
  if (tables.value.length > 0) around.err(`cloud: database: made ${tables.value.join('; ')}`);
  return initialiseFiles(loaded, around);
}

function initialiseFiles(loaded: LoadedConfig<CloudConfig>, around: RoleSurroundings): Result<void, Fault> {
  const { config, path } = loaded;
  return attempt(() => {
    makeDirectory(path(config.stores.directory), 0o750);
    const made = makeZoneKeys(path(config.zones.keys));
    makeBackupKey(path(config.zones.keys));
    makeDirectory(path(config.zones.vaults), 0o750);
    if (made.length > 0) around.err(`cloud: keys made for zones ${made.join(', ')}`);
    for (const name of ['staging', 'outbox', 'returns']) {
      makeDirectory(join(path(config.border.directory), name), 0o750);
    }
    const logs = openLogs(config, path, around.clock, beginLog);
    if (!logs.ok) return logs;
    closeLogs(logs.value);
    around.err('cloud: logs begun');
    return ok(undefined);
  });
}

async function serve(
  loaded: LoadedConfig<CloudConfig>,
  around: RoleSurroundings & Pick<Lead, 'isHeld' | 'lost'>,
  role: CloudRole,
): Promise<Result<void, Fault>> {
  const sockets = socketDirectories(loaded);
  if (!sockets.ok) return sockets;
  const opened = attempt(() => open(loaded, around));
  if (!opened.ok) return opened;
  const draw = (bytes: number): string => randomBytes(bytes).toString('hex');
  const { database } = opened.value;
  const running = await runCloud(loaded, opened.value, { ...around, draw }, role).catch((cause: unknown) =>
    fail(consolePortFault(cause, loaded.config) ?? startFault(cause)),
  );
  if (!running.ok) {
    closeLogs(opened.value.logs);
    opened.value.stores.close();
    return running;
  }
  around.err(`cloud: listening for vehicles on port ${running.value.status().port}`);
  if (database === undefined) return untilStopped(running.value, around, [around.lost]);
  const renew = (): void => attemptUpkeep(database.renew, around);
  const timer = setInterval(renew, RENEW_EVERY_MS);
  const stop = async (): Promise<void> => {
    clearInterval(timer);
    renew();
    await running.value.stop();
  };
  return untilStopped({ ...running.value, stop }, around, [around.lost, database.over]);
}

function open(
  loaded: LoadedConfig<CloudConfig>,
  around: RoleSurroundings & Pick<Lead, 'isHeld'>,
): Result<OpenCloud & { readonly database: LeadingDatabase | undefined }, Fault> {
  const { config, path } = loaded;
  const law = openLaw(loaded);
  if (!law.ok) return law;
  const logs = openLogs(config, path, around.clock, openLog);
  if (!logs.ok) return logs;
  try {
    const database = openLeading(loaded, around.clock, around);
    if (!database.ok) {
      closeLogs(logs.value);
      return database;
    }
    const areaOf = areaLookup(config.classification?.areas ?? [], NO_AREA);
    const rules = { law: law.value.law, areaOf, quarantineLimits: quarantineLimits(config.quarantine) };
    const { keys, vaults, read, custodian } = config.zones;
    const storeKeys = { directory: path(keys), vaults: path(vaults), read, custodian, clock: around.clock };
    const stores = openStores(path(config.stores.directory), storeKeys, rules, database.value);
    return ok({ logs: logs.value, stores, database: database.value });
  } catch (cause) {
    closeLogs(logs.value);
    return fail(startFault(cause));
  }
}

function closeLogs({ operations, alerts }: CloudLogs): void {
  operations.close();
  alerts.close();
}

function attempt<T>(work: () => Result<T, Fault>): Result<T, Fault> {
  try {
    return work();
  } catch (cause) {
    return fail(startFault(cause));
  }
}

function startFault(cause: unknown): Fault<'CLOUD_NOT_STARTED'> {
  const text = causeText(cause);
  return {
    code: 'CLOUD_NOT_STARTED',
    problem: bilingual(`the cloud could not start: ${text}`, `云端无法启动：${text}`),
    remedy: bilingual(
      'check that the files and directories of `cloud.yaml` exist and can be read and written; `--initialise` makes them once',
      '请检查 `cloud.yaml` 中的文件和目录是否存在且可读写；首次使用请运行 `--initialise`',
    ),
    retry: 'after-remedy',
  };
}
