import { rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createAccessGuard } from '../../../cloud/access/guard.ts';
import { serveReadings } from '../../../cloud/api/local-api.ts';
import { openLogs } from '../../../cloud/composition/open-logs.ts';
import { CloudConfig } from '../../../cloud/config/config.ts';
import { openLog } from '../../../cloud/log/open-log.ts';
import { READINGS } from '../../../cloud/registers/kinds/principals.ts';
import { readConfig } from '../../../proto/config/read-config.ts';
import { assert, fail, ok } from '../../../proto/words/result.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { installedCloud } from '../../support/cloud/installed-cloud.ts';
import { testVin } from '../../support/cloud/vins.ts';

const NOW = Date.parse('2026-06-01T04:00:00Z') as Instant;
const clock = { now: () => NOW };

const abroad = (uid: number) => ({
  access: {
    accounts: [{ uid, account: 'lab' }],
    principals: [
      {
        id: 'lab',
        person: 'p-9',
        employer: { name: 'Lab', country: 'DE' },
        resident: 'CN',
        reads: READINGS,
        validFrom: '2026-01-01',
        validUntil: '2026-12-31',
      },
    ],
  },
});

function load(config: string) {
  const loaded = readConfig(CloudConfig, config, 'cloud', {});
  assert(loaded.ok, 'the configuration is good');
  return loaded.value;
}

const code = (result: { readonly ok: boolean; readonly fault?: { readonly code: string } }) =>
  result.ok ? 'ok' : result.fault?.code;

test('where no cloud runs, the command enters what it reads, before and after, in the operations log itself', async () => {
  const cloud = installedCloud(NOW);
  const asked = await cloud.access('traffic', { command: 'traffic export' })(load(cloud.config), {
    reason: 'monthly review',
    detail: { cidr: '192.0.2.0/24' },
  });
  assert(asked.ok, 'who runs the tour may read');
  expect(cloud.entries('operations')).toMatchObject([
    {
      kind: 'read',
      actor: 'tour',
      document: {
        reading: 'traffic',
        command: 'traffic export',
        reason: 'monthly review',
        detail: { cidr: '192.0.2.0/24' },
        operation: { object: 'traffic', result: 'done', permissionChange: false },
      },
    },
  ]);
  expect(code(await asked.value.ended({ sha256: 'ab' }))).toBe('ok');
  expect(cloud.entries('operations').at(-1)).toMatchObject({
    kind: 'read-ended',
    document: { detail: { sha256: 'ab' } },
  });
});

test.each([
  ['works for somebody abroad', abroad(process.getuid?.() ?? 0), {}, 'ACCESS_OVERSEAS', 'READ_FROM_ABROAD'],
  ['sits at an address abroad', {}, { remote: '203.0.113.9 5 192.0.2.1 22' }, 'ACCESS_ADDRESS', 'READ_FROM_ABROAD'],
  ['is an account that nobody listed', {}, { uid: 54_321 }, 'ACCESS_UNKNOWN', 'ACCESS_REFUSED'],
  ['is no account at all', {}, { uid: undefined }, 'ACCESS_SOURCE', 'ACCESS_REFUSED'],
])('whoever %s reads nothing; it is logged and alerted', async (_, change, reader, because, alerted) => {
  const cloud = installedCloud(NOW, change);
  expect(code(await cloud.access('zones', reader)(load(cloud.config)))).toBe(because);
  expect(cloud.entries('operations')).toMatchObject([{ kind: 'access-refused', document: { because } }]);
  expect(cloud.entries('alerts')).toMatchObject([{ kind: 'alert', document: { code: alerted, reading: 'zones' } }]);
});

test('a running cloud enters it, and refuses it, whatever the command itself would say', async () => {
  const cloud = installedCloud(NOW);
  const loaded = load(cloud.config);
  const entered: unknown[] = [];
  const guard = createAccessGuard({
    principals: () => [],
    accountOf: () => 'tour',
    mainland: { has: () => true },
    clock,
    operations: { append: (entries) => ok({ firstIndex: entered.push(...entries), leafHashes: [] }) },
    alert: () => undefined,
  });
  const server = await serveReadings(loaded.config.api.socket, guard);
  onTestFinished(() => server.close());
  expect(code(await cloud.access('logs')(loaded))).toBe('ACCESS_UNKNOWN');
  expect(entered).toMatchObject([{ kind: 'access-refused' }]);
  expect(cloud.entries('operations')).toEqual([]);
});

test('a log that does not take the entry lets nobody read, and what the command refuses no cloud grants', async () => {
  const cloud = installedCloud(NOW);
  const loaded = load(cloud.config);
  const [shipped] = loaded.config.access?.principals ?? [];
  assert(shipped !== undefined, 'the tour may read');
  let isFull = true;
  const full = { code: 'LOG_UNAVAILABLE', problem: { en: '', zh: '' }, remedy: { en: '', zh: '' } };
  const guard = createAccessGuard({
    principals: () => [shipped],
    accountOf: () => 'tour',
    mainland: { has: () => true },
    clock,
    operations: {
      append: () => (isFull ? fail({ ...full, retry: 'later' as const }) : ok({ firstIndex: 0, leafHashes: [] })),
    },
    alert: () => undefined,
  });
  const server = await serveReadings(loaded.config.api.socket, guard);
  onTestFinished(() => server.close());
  expect(code(await cloud.access('logs')(loaded))).toBe('READ_UNLOGGED');
  isFull = false;
  expect(code(await cloud.access('logs')(loaded))).toBe('ok');
  expect(code(await cloud.access('logs', { uid: 54_321 })(loaded))).toBe('ACCESS_UNKNOWN');
});

async function answering(socket: string, answer: (server: Server) => void): Promise<void> {
  const server = createServer();
  answer(server);
  await new Promise<void>((done) => server.listen(socket, done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
}

test.each([
  ['says something else', (server: Server) => server.on('request', (_, reply) => reply.writeHead(500).end('{}'))],
  ['says no JSON', (server: Server) => server.on('request', (_, reply) => reply.end('granted'))],
  ['hangs up', (server: Server) => server.on('request', ({ socket }) => socket.destroy())],
  ['says nothing', () => undefined],
])('a cloud that %s has not entered it, so nothing is read', async (_, answer) => {
  const cloud = installedCloud(NOW);
  const loaded = load(cloud.config);
  await answering(loaded.config.api.socket, answer);
  expect(code(await cloud.access('logs', { lateMs: 300 })(loaded))).toBe('READ_UNLOGGED');
});

test('while another process has the logs, or they are gone, nothing is read', async () => {
  const cloud = installedCloud(NOW);
  const loaded = load(cloud.config);
  const other = openLogs(loaded.config, loaded.path, clock, openLog);
  assert(other.ok, 'the logs open');
  const locked = await cloud.access('logs')(loaded);
  expect(!locked.ok && locked.fault.problem.en).toContain('LOG_IN_USE');
  other.value.operations.close();
  other.value.alerts.close();
  expect(code(await cloud.access('logs')(loaded))).toBe('ok');
  rmSync(join(cloud.layout.cloud('log'), 'operations', 'checkpoint'));
  expect(code(await cloud.access('logs')(loaded))).toBe('READ_UNLOGGED');
});

test('a reason with a VIN, and registers that cannot be looked into, read nothing', async () => {
  const cloud = installedCloud(NOW);
  const loaded = load(cloud.config);
  const vin = await cloud.access('logs')(loaded, { reason: `of ${testVin(1)}` });
  expect(code(vin)).toBe('READ_INVALID');
  expect(JSON.stringify(vin)).not.toContain(testVin(1));
  writeFileSync(cloud.layout.cloud('stores/registers.sqlite'), 'no database');
  expect(code(await cloud.access('logs')(loaded))).toBe('READ_UNLOGGED');
  expect(cloud.entries('operations')).toEqual([]);
});
