import { TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { logUnavailable } from '../../../../cloud/log/faults.ts';
import { fail } from '../../../../proto/words/result.ts';
import { HOUR_MS } from '../../../../proto/words/time.ts';
import { type ConsoleWorld, consoleWorld, cookieOf, PASSWORD } from '../../../support/cloud/api/console-world.ts';

const csrf = { 'x-tongguan-csrf': 'none' };
const first = {
  ...{ account: 'root', person: 'p-root', employer: { name: 'Maker', country: 'CN' }, resident: 'CN' },
  password: PASSWORD,
};

let world: ConsoleWorld;
const ends: (() => Promise<void>)[] = [];
beforeAll(async () => {
  world = await consoleWorld({}, (end) => void ends.push(end));
});
afterAll(async () => {
  for (const end of ends) await end();
});

describe('the first account', () => {
  test('is made once, by the link of the terminal, and is entered in the register of who may read', async () => {
    const { ask, firstLink, registers, entries } = await consoleWorld({ firstRoles: ['administrator'] });
    const token = firstLink()?.split('#')[1] ?? '';
    const setup = (over: object) =>
      ask({ method: 'POST', url: '/api/v1/setup', headers: csrf, payload: { ...first, token, ...over } });
    expect((await ask({ url: '/api/v1/setup' })).json()).toEqual({ isOpen: true, hasProvider: false });
    expect((await setup({ token: 'f'.repeat(64) })).json()).toMatchObject({ status: 410, code: 'INVITATION_OVER' });
    expect((await setup({ password: 'short' })).json()).toMatchObject({ status: 400, code: 'PASSWORD_WEAK' });
    const made = await setup({});
    expect(made.json()).toMatchObject({ account: 'root', roles: ['administrator'], secondFactor: 'offered' });
    expect(registers.books.store.find('principal', 'root')?.body).toMatchObject({ person: 'p-root', resident: 'CN' });
    expect(entries('account')).toMatchObject([{ actor: 'root', act: 'first', operation: { permissionChange: true } }]);
    expect((await setup({ account: 'second' })).statusCode).toBe(410);
    expect(firstLink()).toBeUndefined();
    expect((await ask({ url: '/api/v1/setup' })).json()).toEqual({ isOpen: false, hasProvider: false });
  });

  test('is not made by an older link, a late one, or for a person abroad', async () => {
    const { ask, firstLink, wait } = await consoleWorld();
    const tokenOf = () => firstLink()?.split('#')[1] ?? '';
    const setup = (token: string, over: object = {}) =>
      ask({ method: 'POST', url: '/api/v1/setup', headers: csrf, payload: { ...first, token, ...over } });
    const older = tokenOf();
    const abroad = await setup(tokenOf(), { resident: 'DE' });
    expect([(await setup(older)).statusCode, abroad.json().code]).toEqual([410, 'ACCOUNT_ENTRY']);
    const late = tokenOf();
    wait(HOUR_MS);
    expect((await setup(late)).statusCode).toBe(410);
  });
});

describe('sessions', () => {
  test('a login gives a token that nobody had, and ends the one the browser came with', async () => {
    const { ask, account, logIn } = world;
    await account('vera', ['viewer']);
    const planted = `tongguan-session=${'a'.repeat(64)}`;
    const payload = { account: 'vera', password: PASSWORD };
    const fixed = await ask({ method: 'POST', url: '/api/v1/session', headers: { ...csrf, cookie: planted }, payload });
    const cookie = cookieOf(fixed.headers['set-cookie']);
    expect(cookie).toMatch(/^tongguan-session=[0-9a-f]{64}$/);
    expect(cookie).not.toBe(planted);
    expect(String(fixed.headers['set-cookie'])).toMatch(/HttpOnly; SameSite=Strict/);
    expect((await ask({ url: '/api/v1/session', headers: { cookie: planted } })).statusCode).toBe(401);
    const again = await ask({ method: 'POST', url: '/api/v1/session', headers: { ...csrf, cookie }, payload });
    expect(again.statusCode).toBe(200);
    expect((await ask({ url: '/api/v1/session', headers: { cookie } })).statusCode).toBe(401);
    const other = await logIn('vera');
    expect((await other.send('DELETE', '/session')).statusCode).toBe(200);
    expect((await other.get('/session')).statusCode).toBe(401);
  });

  test('end after half an hour without use, and after twelve hours with it', async () => {
    const { account, logIn, wait } = world;
    await account('tim', ['viewer']);
    const idle = await logIn('tim');
    wait(0.5 * HOUR_MS - 1);
    expect((await idle.get('/session')).statusCode).toBe(200);
    wait(0.5 * HOUR_MS);
    expect((await idle.get('/session')).statusCode).toBe(401);
    const used = await logIn('tim');
    const seen: number[] = [];
    for (let quarter = 0; quarter < 48; quarter += 1) {
      wait(0.25 * HOUR_MS);
      seen.push((await used.get('/session')).statusCode);
    }
    expect(seen.indexOf(401)).toBe(47);
  });

  test('what changes something wants the token of the session, a JSON body, and a page of this origin', async () => {
    const { ask, account, logIn } = world;
    await account('sam', ['security-officer']);
    const { cookie, send, headers, csrf: token } = await logIn('sam');
    const other = await logIn('sam');
    const stop = { reason: 'drill' };
    const tried = async (over: Record<string, string>) =>
      (await ask({ method: 'POST', url: '/api/v1/emergency/stop', headers: { cookie, ...over }, payload: stop })).json()
        .code;
    expect(await tried({})).toBe('SESSION_FOREIGN');
    expect(await tried({ 'x-tongguan-csrf': other.csrf })).toBe('SESSION_FOREIGN');
    expect(await tried({ 'x-tongguan-csrf': token, origin: 'https://elsewhere.example' })).toBe('SESSION_FOREIGN');
    expect(await tried({ 'x-tongguan-csrf': token, 'sec-fetch-site': 'cross-site' })).toBe('SESSION_FOREIGN');
    const form = { ...headers, 'content-type': 'application/x-www-form-urlencoded' };
    const asForm = await ask({ method: 'POST', url: '/api/v1/emergency/stop', headers: form, payload: 'reason=x' });
    expect(asForm.json()).toMatchObject({ status: 415, code: 'BODY_TYPE' });
    expect((await send('POST', '/emergency/stop', stop)).statusCode).toBe(200);
    const login = await ask({
      method: 'POST',
      url: '/api/v1/session',
      payload: { account: 'sam', password: PASSWORD },
    });
    expect(login.json().code).toBe('SESSION_FOREIGN');
  });
});

describe('logging in', () => {
  test('five refusals in a row lock the name, longer each time, whether or not anybody has it', async () => {
    const { account, logIn, wait, entries, end } = world;
    const from = end();
    await account('lars', ['viewer']);
    for (const name of ['lars', 'nobody']) {
      const codes: string[] = [];
      for (let attempt = 0; attempt < 6; attempt += 1) codes.push((await logIn(name, 'wrong')).answer.json().code);
      expect(codes).toEqual([...Array(4).fill('LOGIN_REFUSED'), 'LOGIN_LOCKED', 'LOGIN_LOCKED']);
      wait(60_000);
    }
    expect((await logIn('lars', 'wrong')).answer.json().code).toBe('LOGIN_LOCKED');
    wait(60_000);
    expect((await logIn('lars')).answer.json().code).toBe('LOGIN_LOCKED');
    wait(60_000);
    expect((await logIn('lars')).answer.statusCode).toBe(200);
    const actors = new Set(entries('login', from).map(({ actor }) => actor));
    expect([...actors]).toEqual(['lars', 'unknown']);
  });

  test('one address gets ten tries a minute, whatever the names', async () => {
    const { ask } = world;
    const codes: unknown[] = [];
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const payload = { account: `n${attempt}`, password: 'wrong' };
      const from = { remoteAddress: '127.255.0.1', headers: csrf };
      codes.push((await ask({ method: 'POST', url: '/api/v1/session', payload, ...from })).json().code);
    }
    expect(codes.slice(0, 10)).toEqual(Array(10).fill('LOGIN_REFUSED'));
    expect(codes.slice(10)).toEqual(['RATE_LIMITED', 'RATE_LIMITED']);
  });

  test('a second factor is wanted before anything else where it is required; a code counts once, a recovery code too', async () => {
    const { account, logIn, now, wait, stores } = await consoleWorld({ secondFactor: 'required' });
    await account('vera', ['viewer']);
    const bare = await logIn('vera');
    expect((await bare.get('/flow')).json().code).toBe('SESSION_FACTOR');
    const { secret } = (await bare.send('POST', '/session/second-factor', { password: PASSWORD })).json<{
      secret: string;
    }>();
    const code = () => new TOTP({ secret }).generate({ timestamp: now() });
    expect((await bare.send('POST', '/session/second-factor/confirmation', { code: '000000' })).statusCode).toBe(409);
    const confirmed = await bare.send('POST', '/session/second-factor/confirmation', { code: code() });
    const { recovery } = confirmed.json<{ recovery: string[] }>();
    expect((await bare.get('/flow')).statusCode).toBe(200);
    expect(Buffer.from(stores.accounts.find('vera')?.seed ?? []).toString('hex')).not.toContain(secret);
    expect((await logIn('vera')).answer.json().code).toBe('LOGIN_CODE');
    expect((await logIn('vera', PASSWORD, code())).answer.json().code).toBe('LOGIN_REFUSED');
    wait(60_000);
    expect((await logIn('vera', PASSWORD, code())).answer.statusCode).toBe(200);
    expect((await logIn('vera', PASSWORD, recovery[0])).answer.statusCode).toBe(200);
    expect((await logIn('vera', PASSWORD, recovery[0])).answer.json().code).toBe('LOGIN_REFUSED');
  });
});

describe('a session that somebody else has got hold of', () => {
  test('makes no second factor of its own without the password, nor replaces one without a code of it; a new one ends other sessions', async () => {
    const { account, logIn, now, wait, stores } = await consoleWorld({ secondFactor: 'required' });
    await account('vera', ['viewer']);
    const [own, stolen] = [await logIn('vera'), await logIn('vera')];
    const begin = (by: typeof own, proof?: object) => by.send('POST', '/session/second-factor', proof);
    const codeOf = async (answer: ReturnType<typeof begin>) => (await answer).json<{ readonly code: string }>().code;
    expect(await codeOf(begin(stolen))).toBe('LOGIN_REFUSED');
    expect(await codeOf(begin(stolen, { password: 'not the password' }))).toBe('LOGIN_REFUSED');
    const { secret } = (await begin(own, { password: PASSWORD })).json<{ secret: string }>();
    const code = () => new TOTP({ secret }).generate({ timestamp: now() });
    const confirmed = await own.send('POST', '/session/second-factor/confirmation', { code: code() });
    expect(confirmed.statusCode).toBe(200);
    expect((await stolen.get('/session')).statusCode).toBe(401);
    expect((await own.get('/session')).statusCode).toBe(200);

    const seed = stores.accounts.find('vera')?.seed;
    expect(await codeOf(begin(own, { password: PASSWORD }))).toBe('LOGIN_CODE');
    expect(await codeOf(begin(own, { password: PASSWORD, code: code() }))).toBe('LOGIN_REFUSED');
    wait(60_000);
    expect(await codeOf(begin(own, { code: code() }))).toBe('LOGIN_REFUSED');
    expect((await begin(own, { password: PASSWORD, code: code() })).statusCode).toBe(200);
    expect(stores.accounts.find('vera')?.seed).toEqual(seed);
  });
});

describe('accounts', () => {
  test('an administrator makes, changes, resets and disables them; each is a change of permissions in the log', async () => {
    const { account, enter, logIn, ask, entries, end } = world;
    const from = end();
    await account('boss', ['administrator']);
    const boss = await logIn('boss');
    expect((await boss.send('POST', '/accounts', { name: 'ann', roles: ['viewer'] })).json().code).toBe(
      'ACCOUNT_ENTRY',
    );
    enter('ann');
    const made = (await boss.send('POST', '/accounts', { name: 'ann', roles: ['viewer'] })).json<{ link: string }>();
    const token = made.link.split('#')[1];
    const accept = () =>
      ask({ method: 'POST', url: '/api/v1/invitation', headers: csrf, payload: { token, password: PASSWORD } });
    expect((await accept()).json()).toMatchObject({ account: 'ann', roles: ['viewer'] });
    expect((await accept()).statusCode).toBe(410);
    const ann = await logIn('ann');
    expect((await boss.send('PUT', '/accounts/ann/roles', { roles: ['auditor'] })).statusCode).toBe(200);
    // Whoever is logged in has to do so again.
    expect((await ann.get('/session')).statusCode).toBe(401);
    expect((await boss.send('PUT', '/accounts/boss/roles', { roles: ['viewer'] })).json().code).toBe('ACCOUNT_OWN');
    expect((await boss.send('PUT', '/accounts/ann/standing', { disabled: true })).json().state).toBe('disabled');
    expect((await logIn('ann')).answer.json().code).toBe('LOGIN_REFUSED');
    expect((await boss.send('POST', '/accounts/ann/reset')).json().account.state).toBe('disabled');
    const acts = entries('account', from).map(({ act }) => act);
    expect(acts).toEqual(['added', 'added', 'password-set', 'roles', 'disabled', 'reset']);
  });

  test('are of persons: one whose entry names another person is refused, and no matrix row of another person serves it', async () => {
    const { account, enter, logIn } = world;
    await account('paul', ['viewer']);
    const paul = await logIn('paul');
    enter('paul', { person: 'p-somebody' });
    expect((await paul.get('/flow')).json().code).toBe('ACCOUNT_PERSON');
  });
});

describe('where somebody is', () => {
  test('who is abroad, or asks from abroad, gets nothing; it is logged as reading from abroad, and alerted', async () => {
    const { account, enter, logIn, ask, entries, logs, end, wait } = world;
    const since = end();
    wait(60_000);
    await account('olga', ['viewer']);
    const olga = await logIn('olga');
    const from = { remoteAddress: '203.0.113.9' };
    expect((await olga.get('/flow', from)).json()).toMatchObject({ status: 403, code: 'ACCESS_ADDRESS' });
    for (const url of ['/api/v1/setup', '/api/v1/openapi.json'])
      expect((await ask({ url, ...from })).json().code).toBe('ACCESS_ADDRESS');
    enter('olga', { resident: 'DE' });
    expect((await olga.get('/flow')).json().code).toBe('ACCESS_OVERSEAS');
    expect((await olga.get('/session')).json().code).toBe('ACCESS_OVERSEAS');
    expect(entries('access-refused', since).map(({ manner }) => manner)).toEqual(Array(4).fill('read-from-abroad'));
    expect([...logs.alerts.entries()].length).toBeGreaterThanOrEqual(4);
    enter('olga', { validFrom: '2026-11-01', validUntil: '2026-11-21' });
    expect((await olga.get('/flow')).json().code).toBe('ACCESS_LAPSED');
    enter('olga', { reads: ['transfers'] });
    expect((await olga.get('/flow')).json().code).toBe('ACCESS_ROLE');
  });
});

test('what holds data of persons is in the log before it is given; where it cannot be, nothing is given', async () => {
  const { account, logIn, entries, end, logs } = world;
  const from = end();
  await account('fred', ['fleet']);
  const fred = await logIn('fred');
  expect((await fred.get('/devices')).statusCode).toBe(200);
  expect(entries('data-read', from)).toMatchObject([
    {
      actor: 'fred',
      route: 'GET /api/v1/devices',
      holds: 'personal',
      operation: { loginIp: expect.stringMatching(/^127\./) },
    },
  ]);
  expect((await fred.get('/flow')).statusCode).toBe(200);
  expect(entries('data-read', from)).toHaveLength(1);
  // Typed as it is, in part as a URL may have it, and as no URL has it.
  for (const typed of ['1M8GDM9AXKP042788', '%31M8GDM9AXKP042788', '1M8GDM9AXKP04278%38', '1M8GDM9AXKP04278%3']) {
    await fred.get(`/devices/${typed}`);
    expect(JSON.stringify(entries('data-read', from))).not.toMatch(/M8GDM9AXKP04278/);
  }
  const { append } = logs.operations;
  Object.assign(logs.operations, { append: () => fail(logUnavailable('.', new Error('full'))) });
  expect((await fred.get('/devices')).json()).toMatchObject({ status: 503, code: 'READ_UNLOGGED' });
  Object.assign(logs.operations, { append });
});

test('every answer says what a browser may do with it, and probes answer whom the configuration names', async () => {
  const { ask, requests } = world;
  const { headers } = await ask({ url: '/api/v1/setup?account=vera' });
  expect(requests.at(-1)).toEqual(['/api/v1/setup', 'GET', 200, expect.any(Number)]);
  expect(headers['content-security-policy']).toMatch(/default-src 'none'/);
  expect(headers['content-security-policy']).not.toMatch(/unsafe|https?:/);
  expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
  for (const url of ['/healthz', '/readyz', '/metrics']) {
    expect((await ask({ url })).statusCode).toBe(200);
    expect((await ask({ url, remoteAddress: '10.1.2.3' })).statusCode).toBe(404);
  }
  expect((await ask({ url: '/metrics' })).body).toMatch(/tongguan_frames_admitted|tongguan_devices 0/);
  expect((await ask({ url: '/api/v1/nothing' })).headers['content-type']).toMatch('application/problem+json');
});
