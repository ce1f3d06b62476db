import { copyFileSync, mkdirSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import {
  alertActCommand,
  alertListCommand,
  alertShowCommand,
  auditActCommand,
  auditListCommand,
} from '../../../../cloud/cli/alert.command.ts';
import { openLogs } from '../../../../cloud/composition/open-logs.ts';
import { openMonitoring } from '../../../../cloud/composition/open-monitoring.ts';
import { CloudConfig } from '../../../../cloud/config/config.ts';
import { openLog } from '../../../../cloud/log/open-log.ts';
import { readConfig } from '../../../../proto/config/read-config.ts';
import { assert } from '../../../../proto/words/result.ts';
import { type CivilDate, DAY_MS, type Instant, startOfDay } from '../../../../proto/words/time.ts';
import { askRoute } from '../../../support/cloud/api/ask-route.ts';
import { installedCloud } from '../../../support/cloud/installed-cloud.ts';

/** Monitoring of a cloud with its own logs, asked as the socket would be. */
function scene() {
  let now = startOfDay('2026-03-10' as CivilDate);
  const clock = { now: () => now };
  const { config, layout } = installedCloud(now);
  mkdirSync(layout.exporter(''), { recursive: true });
  copyFileSync(layout.cloud('log.key'), layout.exporter('log.pub'));
  const loaded = readConfig(CloudConfig, config, 'cloud', {});
  assert(loaded.ok, 'the configuration is good');
  const logs = openLogs(loaded.value.config, loaded.value.path, clock, openLog);
  assert(logs.ok, 'the logs open');
  const open = openMonitoring(loaded.value, logs.value, {
    ...{ clock, err: () => undefined, fault: () => undefined, recipient: () => undefined },
    personOf: (account) => `p-${account}`,
  });
  onTestFinished(() => {
    for (const log of [open.logs.operations, open.logs.alerts]) log.close();
  });
  const [out, err]: [string[], string[]] = [[], []];
  const io = {
    environment: {},
    out: (line: string) => out.push(line),
    err: (line: string) => err.push(line),
    ask: async (_: string, method: string, url: string, body?: object) =>
      askRoute(open.routes, method, url, body) as { status: number; body: Readonly<Record<string, unknown>> },
  };
  const args = { config, json: false, language: 'en' as const };
  const look = () => open.look({ framesAdmitted: 0, framesQuarantined: 0, persons: { plain: 0, sensitive: 0 } });
  const raise = (by: string) =>
    open.logs.operations.append([
      { kind: 'approval-refused', transferId: 't-1', actor: by, document: { code: 'APPROVAL_OWN_REQUEST' } },
    ]);
  return { args, io, out, err, raise, look, to: (at: Instant) => (now = at), now: () => now };
}

test('alert: listed, shown, owned and closed, with every step in its trail; exit 3 while one is open', async () => {
  const { args, io, out, err, raise } = scene();
  expect(await alertListCommand({ ...args, all: false }, io)).toBe(0);
  raise('anna');
  expect(await alertListCommand({ ...args, all: false }, io)).toBe(3);
  const id = out[0]?.split('  ')[0] ?? '';
  expect(out[0]).toContain('SELF_APPROVAL_TRIED  anna');
  expect(await alertListCommand({ ...args, language: 'zh', all: false }, io)).toBe(3);
  expect(out.at(-1)).toContain('账号');
  expect(await alertActCommand({ ...args, id, act: 'close', by: 'anna', reason: 'mine' }, io)).toBe(1);
  expect(err.at(-1)).toMatch(/^alert: error: .*ALERT_OWN/);
  expect(await alertActCommand({ ...args, id, act: 'own', by: 'bo', owner: 'cai' }, io)).toBe(0);
  expect(await alertListCommand({ ...args, all: false }, io)).toBe(0);
  expect(await alertActCommand({ ...args, id, act: 'close', by: 'cai', reason: 'trained' }, io)).toBe(0);
  out.length = 0;
  expect(await alertListCommand({ ...args, all: false }, io)).toBe(0);
  expect(out).toEqual([]);
  expect(await alertShowCommand({ ...args, json: true, id }, io)).toBe(0);
  expect(JSON.parse(out[0] ?? '').alert).toMatchObject({
    state: 'closed',
    owner: 'cai',
    acts: [
      { act: 'raised' },
      { act: 'owned', by: 'bo', detail: 'cai' },
      { act: 'closed', by: 'cai', detail: 'trained' },
    ],
  });
  expect(await alertShowCommand({ ...args, id: 'a-999' }, io)).toBe(2);
  expect(err.at(-1)).toContain('ALERT_UNKNOWN');
});

test('audit: run by the cloud, signed by another than who ran it; exit 3 while one is overdue, which is an alert', async () => {
  const { args, io, out, err, raise, look, to } = scene();
  raise('anna');
  expect(await auditActCommand({ ...args, month: '2026-03', by: 'bo' }, io)).toBe(1);
  expect(err.at(-1)).toMatch(/^audit: error: .*AUDIT_MONTH/);
  to((startOfDay('2026-04-01' as CivilDate) + 10 * DAY_MS) as Instant);
  look();
  expect(await auditListCommand(args, io)).toBe(3);
  expect(out).toContain('2026-03  run  overdue  cloud');
  out.length = 0;
  await alertListCommand({ ...args, all: false }, io);
  expect(out.join('\n')).toContain('AUDIT_OVERDUE  2026-03');
  expect(await auditActCommand({ ...args, month: '2026-03', by: 'bo' }, io)).toBe(0);
  expect(await auditActCommand({ ...args, month: '2026-03', by: 'bo', remark: 'fine' }, io)).toBe(1);
  expect(err.at(-1)).toContain('AUDIT_SAME_PERSON');
  expect(await auditActCommand({ ...args, month: '2026-03', by: 'cai', remark: 'fine' }, io)).toBe(0);
  expect(await auditListCommand({ ...args, json: true }, io)).toBe(0);
  expect(JSON.parse(out.at(-1) ?? '').audits).toMatchObject([
    { month: '2026-03', state: 'signed', signedBy: 'cai' },
    { month: '2026-04' },
  ]);
});

test('a configuration that is wrong is exit 2, a cloud that does not answer exit 1', async () => {
  const { args, io, err } = scene();
  expect(await alertListCommand({ ...args, config: 'nowhere.yaml', all: false }, io)).toBe(2);
  const deaf = { ...io, ask: () => Promise.reject(new Error('nobody listens')) };
  expect(await alertListCommand({ ...args, all: false }, deaf)).toBe(1);
  expect(err.at(-1)).toContain('CLOUD_UNREACHABLE');
});
