import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type CivilDate, startOfDay } from '../../../../proto/words/time.ts';
import { monitoredLogs, NO_COUNTS } from '../../../support/cloud/monitored-logs.ts';

const refused = (actor: string) => ({
  kind: 'approval-refused',
  transferId: 't-1',
  actor,
  document: { code: 'APPROVAL_OWN_REQUEST' },
});

test('every entry of the operations log carries the eight fields', () => {
  const { start } = monitoredLogs();
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
  const here = monitoredLogs();
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
  const here = monitoredLogs();
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

test('an alert gets an owner and a reason from a person, in the log; not from whom it is about, under any account, and no act comes after the last', () => {
  const { ask, alerts, logs } = (() => {
    const open = monitoredLogs().start();
    open.logs.operations.append([refused('anna')]);
    return open;
  })();
  const id = alerts()[0]?.id ?? '';
  const act = (body: object) => ask('POST', '/v1/alerts/acts', { id, ...body })?.status;
  expect(act({ act: 'close', by: 'bo' })).toBe(400);
  expect(act({ act: 'close', by: 'bo', reason: 'about LSVAB4BR8EN123456' })).toBe(400);
  expect(act({ act: 'close', by: 'anna', reason: 'it was me' })).toBe(409);
  expect(act({ act: 'close', by: 'anna-2', reason: 'it was me' })).toBe(409);
  expect(act({ act: 'own', by: 'bo-2' })).toBe(200);
  expect(alerts()[0]).toMatchObject({ state: 'acknowledged', owner: 'bo-2', acts: [{}, { by: 'bo-2', person: 'bo' }] });
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
    const here = monitoredLogs();
    const open = here.start();
    open.logs.operations.append([permit]);
    open.look(NO_COUNTS);
    expect(open.codes()).toEqual([]);
    here.traffic.append([intent]);
    open.look(NO_COUNTS);
    expect(open.codes()).toEqual(['DESTINATION_UNKNOWN stranger']);
  });

  test('is alerted when it is put back, rewritten or gone', () => {
    for (const harm of ['checkpoint', 'entries.log'] as const) {
      const here = monitoredLogs();
      const open = here.start();
      open.logs.operations.append([permit]);
      const before = readFileSync(join(here.directory, 'traffic/checkpoint'));
      here.traffic.append([{ ...intent, document: { recipientId: 'lab', endpoint: 'https://lab.example:443' } }]);
      open.look(NO_COUNTS);
      expect(open.codes()).toEqual([]);
      if (harm === 'checkpoint') writeFileSync(join(here.directory, 'traffic/checkpoint'), before);
      else {
        here.traffic.append([intent]);
        const file = join(here.directory, 'traffic/entries.log');
        writeFileSync(file, readFileSync(file).subarray(0, -3));
        appendFileSync(file, 'xyz');
      }
      open.look(NO_COUNTS);
      expect(open.codes()).toEqual(['LOG_TAMPERED traffic']);
    }
  });
});

test('when another hand was at the operations log nothing more is entered, and the alerts log says so', () => {
  const here = monitoredLogs();
  const open = here.start();
  rmSync(join(here.directory, 'operations/entries.log'));
  expect(open.logs.operations.append([refused('anna')]).ok).toBe(false);
  writeFileSync(join(here.directory, 'operations/entries.log'), '');
  expect(open.logs.operations.append([refused('anna')]).ok).toBe(false);
  expect(open.codes()).toEqual(['LOG_TAMPERED operations']);
});

test('a month is audited by the cloud when it is over, signed by another person, and overdue after ten days', () => {
  const here = monitoredLogs();
  const open = here.start();
  open.logs.operations.append([refused('anna')]);
  const audits = () =>
    open.bodyOf<{ audits: { month: string; state: string; isOverdue: boolean }[] }>('/v1/audits').audits;
  open.look(NO_COUNTS);
  expect(audits()).toMatchObject([{ month: '2026-03', state: 'under-way', isOverdue: false }]);
  expect(open.ask('POST', '/v1/audits/run', { month: '2026-03', by: 'bo' })?.status).toBe(409);
  here.to(startOfDay('2026-04-01' as CivilDate));
  open.look(NO_COUNTS);
  expect(audits()[0]).toMatchObject({ month: '2026-03', state: 'run', ranBy: 'cloud' });
  here.to(startOfDay('2026-04-11' as CivilDate));
  open.look(NO_COUNTS);
  expect(open.codes()).toContain('AUDIT_OVERDUE 2026-03');
  expect(open.ask('POST', '/v1/audits/run', { month: '2026-03', by: 'bo' })?.status).toBe(200);
  expect(open.ask('POST', '/v1/audits/sign', { month: '2026-03', by: 'bo-2', remark: 'nothing' })?.status).toBe(409);
  expect(
    open.ask('POST', '/v1/audits/sign', { month: '2026-03', by: 'cai', remark: 'one alert, closed' })?.status,
  ).toBe(200);
  expect(audits()[0]).toMatchObject({ state: 'signed', isOverdue: false });
});

describe('the figures of a month', () => {
  type Audit = {
    audit: { entries: Record<string, number>; alerts: object; permissionChanges: number; traffic: string };
  };
  const few = { replayed: 4, counted: 16 };
  const fill = (logs: ReturnType<ReturnType<typeof monitoredLogs>['start']>['logs'], entries: number) =>
    logs.operations.append(Array.from({ length: entries }, (_, at) => refused(`anna${at % 3}`)));
  const restarted = (here: ReturnType<typeof monitoredLogs>, before: ReturnType<typeof here.start>) => {
    for (const log of Object.values(before.logs)) log.close();
    return here.start(few);
  };
  const intent = { kind: 'intent', transferId: 't-1', actor: 'exporter', document: {} };

  test('are those of all its entries after a restart, however many are replayed, and there is no audit before they are', () => {
    const here = monitoredLogs();
    const first = here.start();
    first.logs.operations.append([refused('bo')]);
    here.to(startOfDay('2026-04-01' as CivilDate));
    fill(first.logs, 60);
    here.traffic.append([intent, intent]);
    here.to(startOfDay('2026-05-01' as CivilDate));
    fill(first.logs, 30);
    const run = (open: typeof first) => open.ask('POST', '/v1/audits/run', { month: '2026-04', by: 'bo' });
    const open = restarted(here, first);
    expect(run(open)).toMatchObject({ status: 409, body: { fault: { code: 'AUDIT_COUNTING' } } });
    for (let looks = 0; looks < 10; looks += 1) open.look(NO_COUNTS);
    const { audit } = run(open).body as Audit;
    expect(audit).toMatchObject({
      entries: { 'operations/approval-refused': 60, 'alerts/alert': 3, 'traffic/intent': 2 },
      alerts: { SELF_APPROVAL_TRIED: 3 },
      traffic: 'counted',
    });
  });

  test('that is signed are counted no more, and it stays signed, however long ago that was', () => {
    const here = monitoredLogs();
    const first = here.start();
    fill(first.logs, 40);
    here.to(startOfDay('2026-04-01' as CivilDate));
    first.look(NO_COUNTS);
    expect(first.ask('POST', '/v1/audits/sign', { month: '2026-03', by: 'cai', remark: 'fine' }).status).toBe(200);
    fill(first.logs, 40);
    const open = restarted(here, first);
    here.to(startOfDay('2026-05-01' as CivilDate));
    for (let looks = 0; looks < 10; looks += 1) open.look(NO_COUNTS);
    const audits = open.bodyOf<{ audits: object[] }>('/v1/audits').audits;
    expect(audits).toMatchObject([
      { month: '2026-03', state: 'signed', signedBy: 'cai' },
      { month: '2026-04', state: 'run' },
      { month: '2026-05', state: 'under-way' },
    ]);
    expect([...open.logs.operations.entriesOfKind('audit-run', 0)].length).toBe(2);
  });

  test('of a log that cannot be read are none: no audit is run', () => {
    const here = monitoredLogs();
    const first = here.start();
    fill(first.logs, 300);
    const open = restarted(here, first);
    const file = join(here.directory, 'operations/entries.log');
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    here.to(startOfDay('2026-04-01' as CivilDate));
    for (let looks = 0; looks < 40; looks += 1) open.look(NO_COUNTS);
    expect(open.ask('POST', '/v1/audits/run', { month: '2026-03', by: 'bo' }).body).toMatchObject({
      fault: { code: 'AUDIT_COUNTING' },
    });
  });
});
