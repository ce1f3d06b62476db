import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, expect, onTestFinished, test } from 'vitest';
import { consoleWorld, cookieOf } from '../../../support/cloud/api/console-world.ts';

const ORIGIN = 'https://console.example';
const RETURN = '/api/v1/session/provider/return';

/** Types of the provider are in a package of their own; this is what is used of it. */
interface Provider {
  readonly callback: () => (request: IncomingMessage, response: ServerResponse) => void;
  readonly interactionFinished: (request: IncomingMessage, response: ServerResponse, result: object) => Promise<void>;
  readonly Grant: new (of: object) => { addOIDCScope: (scope: string) => void; save: () => Promise<string> };
}

interface ProviderContext {
  readonly oidc: { readonly client: { readonly clientId: string }; readonly session: { readonly accountId: string } };
}

/** A real OpenID provider on this machine, at which everybody is `subject`. */
async function provider(subject: string): Promise<string> {
  const module = (await import('oidc-provider' as string)) as {
    default: new (issuer: string, options: object) => Provider;
  };
  let serve = (_request: IncomingMessage, _response: ServerResponse): void => undefined;
  const server = createServer((request, response) => serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const redirect = {
    redirect_uris: [`${ORIGIN}${RETURN}`],
    response_types: ['code'],
    grant_types: ['authorization_code'],
  };
  const oidc: Provider = new module.default(issuer, {
    clients: [{ client_id: 'tongguan', client_secret: 'a secret', ...redirect }],
    cookies: { keys: ['a key'] },
    ttl: { Interaction: 60, Grant: 60, Session: 60, AccessToken: 60, IdToken: 60 },
    features: { devInteractions: { enabled: false } },
    findAccount: (_: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    loadExistingGrant: async (context: ProviderContext) => {
      const { client, session } = context.oidc;
      const grant = new oidc.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid');
      await grant.save();
      return grant;
    },
  });
  const callback = oidc.callback();
  serve = (request, response) => {
    if (request.url?.startsWith('/interaction/') === true)
      void oidc.interactionFinished(request, response, { login: { accountId: subject } });
    else callback(request, response);
  };
  return issuer;
}

/** Follows the provider's redirects with its cookies, as a browser would, until it sends back here. */
async function throughProvider(start: string): Promise<URL> {
  const jar = new Map<string, string>();
  let at = new URL(start);
  for (let hop = 0; hop < 8; hop += 1) {
    if (at.origin === ORIGIN) return at;
    const cookie = [...jar].map((pair) => pair.join('=')).join('; ');
    const answer = await fetch(at, { redirect: 'manual', headers: { cookie } });
    for (const one of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(one) ?? [];
      jar.set(name, value);
    }
    const location = answer.headers.get('location');
    assert(location !== null, await answer.text());
    at = new URL(location, at);
  }
  throw new Error('the provider does not send back');
}

async function console(issuer: string) {
  const directory = mkdtempSync(join(tmpdir(), 'tongguan-oidc-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const clientSecretFile = join(directory, 'secret');
  writeFileSync(clientSecretFile, 'a secret\n');
  return consoleWorld({ origin: ORIGIN, oidc: { issuer, clientId: 'tongguan', clientSecretFile } });
}

test('who is known to a real provider logs in as the account of that subject, once for each return', async () => {
  const { ask, account, stores } = await console(await provider('sub-ann'));
  await account('ann', ['viewer']);
  const begin = () => ask({ url: '/api/v1/session/provider' });
  const comeBack = (url: URL, cookie: string) => ask({ url: `${url.pathname}${url.search}`, headers: { cookie } });

  const stranger = await begin();
  const cookie = cookieOf(stranger.headers['set-cookie']);
  expect(String(stranger.headers['set-cookie'])).toMatch(/HttpOnly; Secure; SameSite=Lax/);
  const back = await throughProvider(String(stranger.headers.location));
  expect((await comeBack(back, cookie)).json()).toMatchObject({ status: 401, code: 'LOGIN_PROVIDER' });

  const ann = stores.accounts.find('ann');
  assert(ann !== undefined);
  stores.accounts.put({ ...ann, subject: 'sub-ann' });
  const second = await begin();
  const own = cookieOf(second.headers['set-cookie']);
  const returned = await throughProvider(String(second.headers.location));
  // Another browser than the one that went.
  expect((await comeBack(returned, cookie)).statusCode).toBe(401);
  const entered = await comeBack(returned, own);
  expect([entered.statusCode, entered.headers.location]).toEqual([302, '/']);
  const session = [entered.headers['set-cookie']]
    .flat()
    .map(cookieOf)
    .find((one) => one.startsWith('__Host-'));
  const shown = await ask({ url: '/api/v1/session', headers: { cookie: session ?? '' } });
  expect(shown.json()).toMatchObject({ account: 'ann', secondFactor: 'provider' });
  expect((await comeBack(returned, own)).statusCode).toBe(401);
});

test('without a provider, or with one that does not answer, nobody comes in by it', async () => {
  const { ask } = await console('http://127.0.0.1:9');
  expect((await ask({ url: '/api/v1/session/provider' })).json().code).toBe('LOGIN_PROVIDER');
  expect((await ask({ url: `${RETURN}?code=x&state=y` })).json().code).toBe('LOGIN_PROVIDER');
});
