import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { askCloud } from '../../../../bin/up/request.ts';
import { addressList } from '../../../../cloud/access/cidr.ts';
import { createAccessGuard } from '../../../../cloud/access/guard.ts';
import { serveLocalApi } from '../../../../cloud/api/local-api.ts';
import { answered, apiRoute } from '../../../../cloud/api/route.ts';
import { noQuestion } from '../../../../cloud/api/status-routes.ts';
import { LOGIN_HEADER } from '../../../../cloud/login.ts';
import { type Principal, READINGS } from '../../../../cloud/registers/kinds/principals.ts';
import { fail, ok } from '../../../../proto/words/result.ts';
import type { CivilDate, Instant } from '../../../../proto/words/time.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';

const HOME: Principal = {
  id: 'ops',
  person: 'p-1',
  employer: { name: 'Maker', country: 'CN' },
  resident: 'CN',
  reads: [...READINGS],
  validFrom: '2026-01-01' as CivilDate,
  validUntil: '2026-12-31' as CivilDate,
};

/** The local API on a real socket with a guard in front, and nothing that matters behind. */
async function served(principals: readonly Principal[], isLogFull = false) {
  const logged: { readonly kind: string; readonly actor: string; readonly document: unknown }[] = [];
  const alerts: unknown[] = [];
  let now = Date.parse('2026-06-01T00:00:00Z') as Instant;
  const access = createAccessGuard({
    principals: (account) => principals.filter(({ id }) => id === account),
    accountOf: (uid) => (uid === process.getuid?.() ? 'ops' : undefined),
    mainland: addressList(['192.0.2.0/24']),
    clock: { now: () => now },
    operations: {
      append: (entries) => {
        if (isLogFull)
          return fail({
            code: 'LOG_UNAVAILABLE',
            problem: { en: '', zh: '' },
            remedy: { en: '', zh: '' },
            retry: 'later',
          });
        logged.push(...entries);
        return ok({ firstIndex: 0, leafHashes: [] });
      },
    },
    alert: (document) => alerts.push(document),
  });
  const paths = ['/status', '/transfers', '/transfers/:id', '/registers', '/registers/:kind', '/agenda', '/new'];
  const routes = paths.map((path) =>
    apiRoute({ method: 'GET', path, summary: '', invalid: noQuestion, answer: () => answered({ secret: path }) }),
  );
  const acts = ['/transfers/verdict', '/emergency/stop'].map((path) =>
    apiRoute({ method: 'POST', path, summary: '', invalid: noQuestion, answer: () => answered({ secret: path }) }),
  );
  const socket = join(scratchDirectory(), 'api.sock');
  const server = await serveLocalApi(socket, { access, routes: [...routes, ...acts] });
  onTestFinished(() => server.close());
  const get = async (path: string) => {
    const { status, body } = await askCloud(socket, 'GET', path);
    const { fault } = body as { readonly fault?: { readonly code: string } };
    return [status, fault?.code];
  };
  const wait = (ms: number): void => {
    now = (now + ms) as Instant;
  };
  return { get, socket, logged, alerts, wait };
}

const PATHS = [
  '/v1/status',
  '/v1/transfers',
  '/v1/transfers/t1',
  '/v1/registers',
  '/v1/registers/incident',
  '/v1/agenda',
  '/v1/new',
  '/v1/status?x=1',
];

test('somebody at home whose entry names everything reads', async () => {
  const { get, logged } = await served([HOME]);
  for (const path of PATHS.filter((one) => !one.includes('t1') && !one.includes('agenda')))
    expect(await get(path)).toEqual([200, undefined]);
  expect(logged).toEqual([]);
});

test('somebody abroad reads nothing; that is a transfer of the kind `read-from-abroad`, logged and alerted once a minute', async () => {
  const { get, logged, alerts, wait } = await served([{ ...HOME, resident: 'DE' }]);
  for (const path of PATHS) expect(await get(path)).toEqual([403, 'ACCESS_OVERSEAS']);
  expect(logged[0]).toMatchObject({
    kind: 'access-refused',
    actor: 'ops',
    document: { manner: 'read-from-abroad', reading: 'status' },
  });
  expect(alerts[0]).toMatchObject({ code: 'READ_FROM_ABROAD', because: 'ACCESS_OVERSEAS' });
  const said = alerts.length;
  await get('/v1/status');
  expect(alerts).toHaveLength(said);
  wait(60_000);
  await get('/v1/status');
  expect([alerts.length, logged.length]).toEqual([said + 1, said + 1]);
});

test('a remote shell abroad, or one from nobody knows where, reads nothing over the socket, whoever is logged in', async () => {
  const { socket, alerts } = await served([HOME]);
  const from = async (address: string, path = '/v1/transfers', method = 'GET') => {
    const headers = { [LOGIN_HEADER]: address };
    const asked = request({ socketPath: socket, path, method, headers }).end();
    const [{ statusCode }] = (await once(asked, 'response')) as [{ statusCode: number }];
    return statusCode;
  };
  expect(await from('192.0.2.1')).toBe(200);
  expect(await from('192.0.2.1', '/v1/transfers/verdict', 'POST')).toBe(200);
  for (const address of ['203.0.113.9', 'somewhere', '']) {
    expect(await from(address)).toBe(403);
    expect(await from(address, '/v1/transfers/verdict', 'POST'), 'an answer tells as well').toBe(403);
    expect(await from(address, '/v1/emergency/stop', 'POST'), 'a stop is never refused').toBe(200);
  }
  expect(alerts).toContainEqual(
    expect.objectContaining({ code: 'READ_FROM_ABROAD', because: 'ACCESS_ADDRESS', address: '203.0.113.9' }),
  );
});

test('without any entry nobody reads, and a log that takes nothing refuses nobody less', async () => {
  const { get, alerts } = await served([], true);
  for (const path of PATHS) expect(await get(path)).toEqual([403, 'ACCESS_UNKNOWN']);
  expect(alerts).toContainEqual(expect.objectContaining({ code: 'ACCESS_REFUSED' }));
});

test('a socket that others may open answers nobody: who is at the other end could be anybody', async () => {
  const { get, socket } = await served([HOME]);
  chmodSync(socket, 0o660);
  expect(await get('/v1/status')).toEqual([403, 'ACCESS_SOURCE']);
});

test('what the entry does not name is not read, and a path that no row names least of all', async () => {
  const { get } = await served([{ ...HOME, reads: ['status', 'registers'] }]);
  expect([await get('/v1/status'), await get('/v1/transfers'), await get('/v1/new')]).toEqual([
    [200, undefined],
    [403, 'ACCESS_ROLE'],
    [403, 'ACCESS_ROLE'],
  ]);
});
