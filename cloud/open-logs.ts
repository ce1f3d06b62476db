import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { ok, type Result } from '../proto/words/result.ts';
import type { Clock } from '../proto/words/time.ts';
import type { CloudConfig } from './config.ts';
import { createLog, type LogFault, type LogOptions, type OpenLog, openLog } from './log/open-log.ts';
import { withOperationFields } from './login.ts';

/** Logs that the cloud writes; the exporter writes a third. */
export const CLOUD_LOGS = ['operations', 'alerts'] as const;

export interface CloudLogs {
  readonly operations: OpenLog;
  readonly alerts: OpenLog;
}

/**
 * Opens the cloud's logs.
 *
 * @param path - makes a path of the configuration absolute
 * @param begin - `beginLog` on the very first start, which refuses to begin over any entry; else `openLog`, which refuses
 *   to begin at all
 */
export function openLogs(
  { log }: CloudConfig,
  path: (relative: string) => string,
  clock: Clock,
  begin: typeof beginLog | typeof openLog,
): Result<CloudLogs, LogFault> {
  const signingKey = createPrivateKey(readFileSync(path(log.signingKeyFile)));
  const open = (name: string) =>
    begin({ directory: join(path(log.directory), name), origin: `${log.origin}/${name}`, signingKey, clock });
  const operations = open('operations');
  if (!operations.ok) return operations;
  const alerts = open('alerts');
  if (!alerts.ok) {
    operations.value.close();
    return alerts;
  }
  return ok({ operations: withOperationFields(operations.value, hostname()), alerts: alerts.value });
}

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
