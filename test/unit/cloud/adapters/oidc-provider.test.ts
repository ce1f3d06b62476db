import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { oidcProvider } from '../../../../cloud/adapters/oidc-provider.ts';

const RETURN = 'https://console.example/return';

interface Token {
  readonly header: object;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly key?: KeyObject | undefined;
}

const part = (of: object): string => Buffer.from(JSON.stringify(of)).toString('base64url');

function written({ header, claims, key }: Token): string {
  const text = `${part(header)}.${part(claims)}`;
  const signature = key === undefined ? '' : sign('sha256', Buffer.from(text), key).toString('base64url');
  return `${text}.${signature}`;
}

/** A provider that answers with whatever token it is told to. */
async function hostile(change: (token: Token) => Token, document: object = {}): Promise<string | undefined> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  let idToken = '';
  const answers: Record<string, () => object> = {};
  const server = createServer((request, response: ServerResponse) => {
    const answer = answers[request.url ?? '']?.();
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const at = (path: string) => `${issuer}${path}`;
  answers['/.well-known/openid-configuration'] = () => ({
    ...{ issuer, authorization_endpoint: at('/auth'), token_endpoint: at('/token'), jwks_uri: at('/jwks') },
    id_token_signing_alg_values_supported: ['RS256'],
    ...document,
  });
  answers['/jwks'] = () => ({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', use: 'sig', alg: 'RS256' }] });
  answers['/token'] = () => ({ access_token: 'a', token_type: 'bearer', id_token: idToken });
  const { begin, finish } = oidcProvider({ issuer, clientId: 'tongguan', clientSecret: 'secret' });
  const { pending } = await begin(RETURN);
  const now = Math.floor(Date.now() / 1_000);
  const claims = { iss: issuer, aud: 'tongguan', sub: 'ann', nonce: pending.nonce, iat: now, exp: now + 600 };
  idToken = written(change({ header: { alg: 'RS256', kid: 'k' }, claims, key: privateKey }));
  return finish(new URL(`${RETURN}?code=c&state=${pending.state}`), pending);
}

const claiming = (claims: object) => (token: Token) => ({ ...token, claims: { ...token.claims, ...claims } });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;

test('a token as it should be is taken', async () => {
  expect(await hostile((token) => token)).toBe('ann');
});

test.each([
  ['not signed', (token: Token) => ({ ...token, header: { alg: 'none' }, key: undefined })],
  ['signed by somebody else', (token: Token) => ({ ...token, key: stranger })],
  ['for another client', claiming({ aud: 'another' })],
  ['for several clients, by another', claiming({ aud: ['tongguan', 'another'], azp: 'another' })],
  ['of another issuer', claiming({ iss: 'https://another.example' })],
  ['of another login', claiming({ nonce: 'another' })],
  ['of no login', claiming({ nonce: undefined })],
  ['over', claiming({ exp: 1 })],
])('a token that is %s lets nobody in', async (_, change) => {
  expect(await hostile(change)).toBeUndefined();
});

test('a provider that names another issuer than the configured one is none', async () => {
  await expect(hostile((token) => token, { issuer: 'https://another.example' })).rejects.toThrow();
});
