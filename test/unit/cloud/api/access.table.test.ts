import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROLES, type Role } from '../../../../cloud/accounts/role.ts';
import { ACCESS, readingsOf } from '../../../../cloud/api/access.table.ts';
import { type ConsoleWorld, consoleWorld } from '../../../support/cloud/api/console-world.ts';

interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly roles: readonly string[];
  readonly summary: string;
  readonly reading: string;
  readonly holds: string | undefined;
}

interface Described {
  readonly summary: string;
  readonly 'x-roles': readonly string[];
  readonly 'x-reading': string;
  readonly 'x-holds'?: string;
}

let world: ConsoleWorld;
let operations: readonly Operation[];
const ends: (() => Promise<void>)[] = [];
beforeAll(async () => {
  world = await consoleWorld({}, (end) => void ends.push(end));
  const { paths } = (await world.ask({ url: '/api/v1/openapi.json' })).json<{
    paths: Record<string, Record<string, Described>>;
  }>();
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, of]) => ({
      method: method.toUpperCase() as Operation['method'],
      path: path.slice('/api/v1'.length),
      roles: of['x-roles'],
      summary: of.summary,
      reading: of['x-reading'],
      holds: of['x-holds'],
    })),
  );
});
afterAll(async () => {
  for (const end of ends) await end();
});

/** Something stands where the path has a name; nothing of that name is there. */
const filled = (path: string): string => path.replace(/\{\w+\}/g, 'x1');

test('the description names every row of the table and no other route', () => {
  const described = operations.map(({ method, path }) => `${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`);
  expect([...described, 'GET /openapi.json'].sort()).toEqual(Object.keys(ACCESS).sort());
});

/** The table of docs/api.md; `UPDATE=1` writes it. */
const TABLE = /<!-- routes -->[\s\S]*<!-- \/routes -->/;

test('docs/api.md has every route with its roles', () => {
  const rows = operations.map(({ method, path, roles, summary, reading, holds }) => {
    const who = roles.length === ROLES.length ? 'every role' : roles.join(', ');
    return `| \`${method} ${path.replace(/\{(\w+)\}/g, ':$1')}\` | ${summary} | ${who} | ${reading} | ${holds ?? ''} |`;
  });
  const head = ['| route | what | roles | reads | holds |', '|---|---|---|---|---|'];
  const made = ['<!-- routes -->', '', ...head, ...rows, '', '<!-- /routes -->'].join('\n');
  const file = new URL('../../../../docs/api.md', import.meta.url);
  const text = readFileSync(file, 'utf8');
  if (process.env['UPDATE'] === '1') writeFileSync(file, text.replace(TABLE, made));
  expect(TABLE.exec(readFileSync(file, 'utf8'))?.[0]).toBe(made);
});

test('nobody who is not logged in gets anything but what is there to log in with', async () => {
  // Without a provider there is nobody to be sent to.
  const entries = operations.filter(({ path }) => !path.includes('/provider'));
  for (const { method, path, roles } of entries) {
    const headers = { 'x-tongguan-csrf': 'none' };
    const { statusCode } = await world.ask({ method, url: `/api/v1${filled(path)}`, headers });
    if (roles.includes('anybody')) expect([200, 400, 410], `${method} ${path}`).toContain(statusCode);
    else expect(statusCode, `${method} ${path}`).toBe(401);
  }
});

describe.each(ROLES)('%s', (role) => {
  test('is refused whatever no row gives it, and nothing that one gives it', async () => {
    await world.account(role, [role]);
    const { send, get } = await world.logIn(role);
    const last = operations.filter(({ path }) => path === '/session').concat();
    const refused: string[] = [];
    for (const { method, path, roles } of [...operations.filter((one) => !last.includes(one)), ...last]) {
      if (roles.includes('anybody')) continue;
      const answer = method === 'GET' ? await get(filled(path)) : await send(method, filled(path));
      const isRefused = answer.statusCode === 403 && answer.json().code === 'ROLE_MISSING';
      expect(answer.statusCode, `${method} ${path}`).not.toBe(500);
      expect(isRefused, `${role} at ${method} ${path}`).toBe(!roles.includes(role));
      if (isRefused) refused.push(path);
    }
    expect(refused.length).toBeGreaterThan(0);
  });
});

test('who is abroad is refused at every route, whatever their roles', async () => {
  await world.account('far', ROLES, { resident: 'DE' });
  const { send, get } = await world.logIn('far');
  for (const { method, path, roles } of operations) {
    if (roles.includes('anybody')) continue;
    const answer = method === 'GET' ? await get(filled(path)) : await send(method, filled(path));
    expect(answer.json().code, `${method} ${path}`).toBe('ACCESS_OVERSEAS');
  }
});

test('an entry that names less than a role reads refuses the rest', async () => {
  const less: Role = 'auditor';
  await world.account('narrow', [less], { reads: ['status'] });
  const { get } = await world.logIn('narrow');
  expect((await get('/transfers')).json().code).toBe('ACCESS_ROLE');
  expect(readingsOf(['viewer'])).toEqual(['status', 'registers', 'emergency']);
});
