import { createPrivateKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { makeDirectory } from '../../proto/config/make-directory.ts';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Clock } from '../../proto/words/time.ts';
import { lockLog } from '../adapters/log-lock.ts';
import type { CloudConfig } from '../config/config.ts';
import { logMissing } from '../log/faults.ts';
import { createLog, type LogFault, type LogOptions, type OpenLog, openLog } from '../log/open-log.ts';
import { withOperationFields } from '../login.ts';

/** Logs that the cloud writes; the exporter writes a third. */
export const CLOUD_LOGS = ['operations', 'alerts'] as const;

export interface CloudLogs {
  readonly operations: OpenLog;
  readonly alerts: OpenLog;
}

/**
 * Opens the cloud's logs, and keeps every other process from opening them to write until they are closed.
 *
 * @param path - makes a path of the configuration absolute
 * @param begin - `beginLog` on the very first start, which refuses to begin over any entry; else `openLog`, which refuses
 *   to begin at all
 *
 * Faults: LOG_IN_USE and those of `begin`. @throws the system's or SQLite's error when the directory cannot be written
 */
export function openLogs(
  { log }: CloudConfig,
  path: (relative: string) => string,
  clock: Clock,
  begin: typeof beginLog | typeof openLog,
): Result<CloudLogs, Fault> {
  const signingKey = createPrivateKey(readFileSync(path(log.signingKeyFile)));
  const directory = path(log.directory);
  if (begin === beginLog) makeDirectory(directory, 0o750);
  if (!existsSync(directory)) return fail(logMissing(directory));
  const open = (name: string) =>
    openLocked(join(directory, `${name}.lock`), () =>
      begin({ directory: join(directory, name), origin: `${log.origin}/${name}`, signingKey, clock }),
    );
  const operations = open('operations');
  if (!operations.ok) return operations;
  const alerts = open('alerts');
  if (!alerts.ok) {
    operations.value.close();
    return alerts;
  }
  return ok({ operations: withOperationFields(operations.value, hostname()), alerts: alerts.value });
}

/** A log has one writer: two would take it in turns to find that its file is not as they left it. */
function openLocked(lockFile: string, open: () => Result<OpenLog, LogFault>): Result<OpenLog, Fault> {
  const unlock = lockLog(lockFile);
  if (unlock === undefined) return fail(logInUse());
  const opened = open();
  if (!opened.ok) {
    unlock();
    return opened;
  }
  const log = opened.value;
  return ok({
    ...log,
    close: () => {
      log.close();
      unlock();
    },
  });
}

const logInUse = (): Fault<'LOG_IN_USE'> => ({
  code: 'LOG_IN_USE',
  problem: bilingual('another process writes the logs of this cloud', '另一进程正在写入该云端的日志'),
  remedy: bilingual(
    'find the cloud that runs with the same `log.directory`, and stop it or ask it',
    '请找到使用同一 `log.directory` 运行的云端，停止它或向其发出请求',
  ),
  retry: 'after-remedy',
});

/**
 * Begins a log, or goes on with one that has no entry yet: several logs are begun one after the other, and a crash between
 * them must not stop the next attempt at the first of them.
 *
 * Faults: LOG_EXISTS for a log with an entry, and those of `createLog`.
 */
export function beginLog(options: LogOptions): Result<OpenLog, LogFault> {
  const begun = createLog(options);
  if (begun.ok || begun.fault.code !== 'LOG_EXISTS') return begun;
  const opened = openLog(options);
  if (opened.ok && opened.value.head().size === 0) return opened;
  if (opened.ok) opened.value.close();
  return begun;
}
