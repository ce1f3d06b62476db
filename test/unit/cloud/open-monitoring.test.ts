import { generateKeyPairSync } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { CloudConfig } from '../../../cloud/config.ts';
import { createLog, type OpenLog, openLog } from '../../../cloud/log/open-log.ts';
import { withOperationFields } from '../../../cloud/login.ts';
import { openMonitoring } from '../../../cloud/open-monitoring.ts';
import type { CivilDate, Instant } from '../../../proto/words/time.ts';
import { startOfDay } from '../../../proto/words/time.ts';
import { askRoute } from '../../support/cloud/api/ask-route.ts';
import { scratchDirectory } from '../../support/cloud/stores.ts';

const { privateKey: signingKey, publicKey } = generateKeyPairSync('ed25519');
const NONE = { framesAdmitted: 0, framesQuarantined: 0, persons: { plain: 0, sensitive: 0 } };

function world(monitoring?: object) {
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
  const start = () => {
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
      areTwoPersons: (one: string, other: string) => one.split('-')[0] !== other.split('-')[0],
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

const refused = (actor: string) => ({
  kind: 'approval-refused',
  transferId: 't-1',
  actor,
  document: { code: 'APPROVAL_OWN_REQUEST' },
});

test('every entry of the operations log carries the eight fields', () => {
  const { start } = world();
  const { logs } = start();
  expect(logs.operations.append([refused('anna')]).ok).toBe(true);
  const [, entry] = [...logs.operations.entries()];
  const { operation } = JSON.parse(Buffer.from(entry?.leaf.document ?? '').toString());
  expect([entry?.leaf.actor, entry?.leaf.kind]).toEqual(['anna', 'approval-refused']);
  expect(operation).toEqual({
    object: 't-1',
    loginIp: 'process',
    device: 'host-1',
    result: 'refused',
    permissionChange: false,
  });
});

test('a finding is in the alerts log before it is shown, is told once, and outlives a restart', () => {
  const here = world();
  const first = here.start();
  first.logs.operations.append([refused('anna')]);
  first.logs.operations.append([refused('anna')]);
  expect(first.codes()).toEqual(['SELF_APPROVAL_TRIED anna']);
  expect([...first.logs.alerts.entries()]).toHaveLength(1);
  expect(here.told.filter((line) => line.includes('SELF_APPROVAL_TRIED'))).toHaveLength(1);
  for (const log of Object.values(first.logs)) log.close();
  expect(here.start().codes()).toEqual(['SELF_APPROVAL_TRIED anna']);
  expect(here.told).toHaveLength(1);
});

test('a zone key that was changed, and all else that decides who may do what, is an entry of the start that finds it', () => {
  const here = world();
  const changes = () => {
    const { logs } = here.start();
    const entries = [...logs.operations.entries()].map(({ leaf }) => JSON.parse(Buffer.from(leaf.document).toString()));
    for (const log of Object.values(logs)) log.close();
    return entries;
  };
  expect(changes()).toHaveLength(1);
  expect(changes()).toHaveLength(1);
  mkdirSync(join(here.directory, 'keys'));
  writeFileSync(join(here.directory, 'keys/personal.pub'), 'another key');
  const [, change] = changes();
  expect(change).toMatchObject({
    changed: ['zone-key-personal'],
    operation: { permissionChange: true, object: 'configuration' },
  });
});

test('an alert gets an owner and a reason, in the log; not from whom it is about, and no act comes after the last', () => {
  const { ask, alerts, logs } = (() => {
    const open = world().start();
    open.logs.operations.append([refused('anna')]);
    return open;
  })();
  const id = alerts()[0]?.id ?? '';
  const act = (body: object) => ask('POST', '/v1/alerts/acts', { id, ...body })?.status;
  expect(act({ act: 'close', by: 'bo' })).toBe(400);
  expect(act({ act: 'close', by: 'bo', reason: 'about LSVAB4BR8EN123456' })).toBe(400);
  expect(act({ act: 'close', by: 'anna', reason: 'it was me' })).toBe(409);
  expect(act({ act: 'own', by: 'bo' })).toBe(200);
  expect(alerts()[0]).toMatchObject({ state: 'acknowledged', owner: 'bo' });
  expect(act({ act: 'close', by: 'bo', reason: 'trained the person' })).toBe(200);
  expect(act({ act: 'own', by: 'cai' })).toBe(409);
  expect([...logs.alerts.entries()].map(({ leaf }) => leaf.kind)).toEqual(['alert', 'alert-owned', 'alert-closed']);
});

describe('the traffic log', () => {
  const intent = {
    kind: 'intent',
    transferId: 't-1',
    actor: 'exporter',
    document: { recipientId: 'stranger', endpoint: 'https://x.example' },
  };

  const permit = { kind: 'permit', transferId: 't-1', actor: 'cloud', document: {} };

  test('is followed as the exporter writes it', () => {
    const here = world();
    const open = here.start();
    open.logs.operations.append([permit]);
    open.look(NONE);
    expect(open.codes()).toEqual([]);
    here.traffic.append([intent]);
    open.look(NONE);
    expect(open.codes()).toEqual(['DESTINATION_UNKNOWN stranger']);
  });

  test('is alerted when it is put back, rewritten or gone', () => {
    for (const harm of ['checkpoint', 'entries.log'] as const) {
      const here = world();
      const open = here.start();
      open.logs.operations.append([permit]);
      const before = readFileSync(join(here.directory, 'traffic/checkpoint'));
      here.traffic.append([{ ...intent, document: { recipientId: 'lab', endpoint: 'https://lab.example:443' } }]);
      open.look(NONE);
      expect(open.codes()).toEqual([]);
      if (harm === 'checkpoint') writeFileSync(join(here.directory, 'traffic/checkpoint'), before);
      else {
        here.traffic.append([intent]);
        const file = join(here.directory, 'traffic/entries.log');
        writeFileSync(file, readFileSync(file).subarray(0, -3));
        appendFileSync(file, 'xyz');
      }
      open.look(NONE);
      expect(open.codes()).toEqual(['LOG_TAMPERED traffic']);
    }
  });
});

test('when another hand was at the operations log nothing more is entered, and the alerts log says so', () => {
  const here = world();
  const open = here.start();
  rmSync(join(here.directory, 'operations/entries.log'));
  expect(open.logs.operations.append([refused('anna')]).ok).toBe(false);
  writeFileSync(join(here.directory, 'operations/entries.log'), '');
  expect(open.logs.operations.append([refused('anna')]).ok).toBe(false);
  expect(open.codes()).toEqual(['LOG_TAMPERED operations']);
});

test('a month is audited by the cloud when it is over, signed by another person, and overdue after ten days', () => {
  const here = world();
  const open = here.start();
  open.logs.operations.append([refused('anna')]);
  const audits = () =>
    open.bodyOf<{ audits: { month: string; state: string; isOverdue: boolean }[] }>('/v1/audits').audits;
  open.look(NONE);
  expect(audits()).toMatchObject([{ month: '2026-03', state: 'under-way', isOverdue: false }]);
  expect(open.ask('POST', '/v1/audits/run', { month: '2026-03', by: 'bo' })?.status).toBe(409);
  here.to(startOfDay('2026-04-01' as CivilDate));
  open.look(NONE);
  expect(audits()[0]).toMatchObject({ month: '2026-03', state: 'run', ranBy: 'cloud' });
  here.to(startOfDay('2026-04-11' as CivilDate));
  open.look(NONE);
  expect(open.codes()).toContain('AUDIT_OVERDUE 2026-03');
  expect(open.ask('POST', '/v1/audits/run', { month: '2026-03', by: 'bo' })?.status).toBe(200);
  expect(open.ask('POST', '/v1/audits/sign', { month: '2026-03', by: 'bo-2', remark: 'nothing' })?.status).toBe(409);
  expect(
    open.ask('POST', '/v1/audits/sign', { month: '2026-03', by: 'cai', remark: 'one alert, closed' })?.status,
  ).toBe(200);
  expect(audits()[0]).toMatchObject({ state: 'signed', isOverdue: false });
});
