import type { RoleSurroundings } from '../proto/config/role.ts';
import { toIso } from '../proto/words/time.ts';
import type { CloudLogs } from './composition/open-logs.ts';

/** Refusals of one connection can be many a second; the log takes this many alerts a minute and then their number. */
const ALERTS_A_MINUTE_MAX = 600;

let minute = 0;
let alertsInMinute = 0;

/** Writes a security alert into its log and tells the operator. */
export function raiseAlert(
  logs: CloudLogs,
  around: RoleSurroundings,
  document: Readonly<Record<string, unknown>>,
): void {
  const now = Math.floor(around.clock.now() / 60_000);
  if (now !== minute) {
    const unlogged = alertsInMinute - ALERTS_A_MINUTE_MAX;
    minute = now;
    alertsInMinute = 0;
    if (unlogged > 0) raiseAlert(logs, around, { code: 'ALERTS_UNLOGGED', count: unlogged });
  }
  alertsInMinute += 1;
  if (alertsInMinute > ALERTS_A_MINUTE_MAX) return;
  around.err(`cloud: alert: ${String(document['code'])} at ${toIso(around.clock.now())}`);
  const logged = logs.alerts.append([{ kind: 'alert', transferId: '', actor: 'cloud', document }]);
  if (!logged.ok) around.fault(logged.fault);
}
