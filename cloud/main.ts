import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type LoadedConfig, readConfig } from '../proto/config/read-config.ts';
import { EXIT, REPORT_INTERVAL_MS, type RoleSurroundings } from '../proto/config/role.ts';
import { bilingual, causeText, type Fault, renderFault } from '../proto/words/fault.ts';
import { fail, ok, type Result } from '../proto/words/result.ts';
import { areaLookup } from './classification/areas.ts';
import { NO_AREA } from './classification/running-aggregates.ts';
import { CloudConfig } from './config.ts';
import { openLog } from './log/open-log.ts';
import { openCatalogue } from './open-catalogue.ts';
import { openLaw } from './open-law.ts';
import { beginLog, type CloudLogs, openLogs } from './open-logs.ts';
import { type CloudStores, openStores } from './open-stores.ts';
import { quarantineLimits } from './recheck-config.ts';
import { runCloud } from './run-cloud.ts';

/**
 * `tongguan cloud --config FILE [--initialise]`: runs the mainland cloud until asked to stop.
 *
 * @param initialise - begin the logs and make the directories, once, and exit; refuses to begin over anything
 * @returns exit status: 0 stopped on request, 1 a fault, 2 a configuration that is wrong
 */
export async function runCloudRole(configFile: string, initialise: boolean, around: RoleSurroundings): Promise<number> {
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
  const outcome = initialise ? initialiseCloud(loaded.value, around) : await serve(loaded.value, around);
  if (outcome.ok) return EXIT.done;
  around.err(renderFault('cloud', outcome.fault));
  return EXIT.fault;
}

function initialiseCloud(loaded: LoadedConfig<CloudConfig>, around: RoleSurroundings): Result<void, Fault> {
  const { config, path } = loaded;
  return attempt(() => {
    mkdirSync(path(config.stores.directory), { recursive: true, mode: 0o750 });
    for (const name of ['staging', 'outbox', 'returns']) {
      mkdirSync(join(path(config.border.directory), name), { recursive: true, mode: 0o750 });
    }
    const logs = openLogs(config, path, around.clock, beginLog);
    if (!logs.ok) return logs;
    closeLogs(logs.value);
    around.err('cloud: logs begun');
    return ok(undefined);
  });
}

async function serve(loaded: LoadedConfig<CloudConfig>, around: RoleSurroundings): Promise<Result<void, Fault>> {
  const opened = attempt(() => open(loaded, around));
  if (!opened.ok) return opened;
  const draw = (bytes: number): string => randomBytes(bytes).toString('hex');
  const running = await runCloud(loaded, opened.value, { ...around, draw }).catch((cause: unknown) =>
    fail(startFault(cause)),
  );
  if (!running.ok) {
    closeLogs(opened.value.logs);
    opened.value.stores.close();
    return running;
  }
  around.err(`cloud: listening for vehicles on port ${running.value.status().port}`);
  const timer = setInterval(() => around.report(running.value.status()), REPORT_INTERVAL_MS);
  await around.stopRequested;
  clearInterval(timer);
  around.report(running.value.status());
  await running.value.stop();
  return ok(undefined);
}

function open(
  loaded: LoadedConfig<CloudConfig>,
  around: RoleSurroundings,
): Result<{ stores: CloudStores; logs: CloudLogs }, Fault> {
  const { config, path } = loaded;
  const law = openLaw(loaded);
  if (!law.ok) return law;
  const logs = openLogs(config, path, around.clock, openLog);
  if (!logs.ok) return logs;
  try {
    const areaOf = areaLookup(config.classification?.areas ?? [], NO_AREA);
    const rules = { law: law.value.law, areaOf, quarantineLimits: quarantineLimits(config.quarantine) };
    return ok({ logs: logs.value, stores: openStores(path(config.stores.directory), rules) });
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
