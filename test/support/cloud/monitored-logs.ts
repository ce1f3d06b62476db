import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openMonitoring } from '../../../cloud/composition/open-monitoring.ts';
import type { CloudConfig } from '../../../cloud/config/config.ts';
import { createLog, type OpenLog, openLog } from '../../../cloud/log/open-log.ts';
import { withOperationFields } from '../../../cloud/login.ts';
import type { CivilDate, Instant } from '../../../proto/words/time.ts';
import { startOfDay } from '../../../proto/words/time.ts';
import { askRoute } from './api/ask-route.ts';
import { scratchDirectory } from './stores.ts';

const { privateKey: signingKey, publicKey } = generateKeyPairSync('ed25519');
/** Counts of a cloud that has seen nothing. */
export const NO_COUNTS = { framesAdmitted: 0, framesQuarantined: 0, persons: { plain: 0, sensitive: 0 } };

/** Monitoring over logs of its own, from 2026-03-10 in Shanghai on; `start` again is a start after a stop. @param monitoring - more of that part of the configuration */
export function monitoredLogs(monitoring?: object) {
  const directory = scratchDirectory();
  let now = startOfDay('2026-03-10' as CivilDate);
  const clock = { now: () => now };
  const begin = (name: string): OpenLog => {
    const options = { directory: join(directory, name), origin: `t.example/${name}`, signingKey, clock };
    const log = openLog(options);
    const opened = log.ok ? log : createLog(options);
    if (!opened.ok) throw new Error(opened.fault.problem.en);
    onTestFinished(() => opened.value.close());
    return opened.value;
  };
  writeFileSync(join(directory, 'log.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
  const traffic = begin('traffic');
  const told: string[] = [];
  const start = (entriesMax?: { readonly replayed: number; readonly counted: number }) => {
    const logs = { operations: withOperationFields(begin('operations'), 'host-1'), alerts: begin('alerts') };
    const config = {
      recipients: [{ id: 'lab', endpoint: 'https://lab.example:443', certificateFile: 'lab.pem' }],
      zones: { keys: 'keys', read: [] },
      permits: { issue: 'on-approval' },
      api: { socket: 'api/sock' },
      log: { origin: 't.example' },
      monitoring: { limits: {}, trafficLog: { directory: 'traffic', publicKeyFile: 'log.pub' }, ...monitoring },
    } as unknown as CloudConfig;
    const loaded = { config, path: (relative: string) => join(directory, relative) };
    const around = {
      clock,
      err: (line: string) => void told.push(line),
      fault: () => undefined,
      recipient: () => undefined,
      // Whose account of which person it is stands before the dash.
      personOf: (account: string) => account.split('-')[0],
      ...(entriesMax && { entriesMax }),
    };
    const open = openMonitoring(loaded as Parameters<typeof openMonitoring>[0], logs, around);
    const ask = (method: string, url: string, body?: object) => askRoute(open.routes, method, url, body);
    const bodyOf = <T>(url: string): T => ask('GET', url).body as T;
    const alerts = () =>
      bodyOf<{ alerts: { id: string; code: string; subject: string; state: string }[] }>('/v1/alerts').alerts;
    return { ...open, ask, bodyOf, alerts, codes: () => alerts().map(({ code, subject }) => `${code} ${subject}`) };
  };
  return { directory, traffic, told, start, to: (at: Instant) => (now = at), now: () => now };
}
