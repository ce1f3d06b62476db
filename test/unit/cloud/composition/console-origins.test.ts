import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { originsOf } from '../../../../cloud/composition/console-origins.ts';
import { consoleWorld } from '../../../support/cloud/api/console-world.ts';

const TLS = { certificateFile: '../cloud/server.pem', keyFile: '../cloud/server.key' };
const MACHINE = { name: 'Gateway', addresses: ['192.0.2.7', 'fe80::1', '2001:db8::7'] };

test.each([
  ['an address', { address: '192.0.2.7', tls: TLS }, 8443, ['https://192.0.2.7:8443']],
  ['loopback without TLS', { address: '127.0.0.1', tls: undefined }, 8443, ['http://127.0.0.1:8443']],
  ['loopback of IPv6', { address: '::1', tls: undefined }, 8443, ['http://[::1]:8443']],
  ['the port that goes without saying', { address: '192.0.2.7', tls: TLS }, 443, ['https://192.0.2.7']],
  ['what is configured', { address: '0.0.0.0', tls: TLS, origin: 'https://at.example' }, 1, ['https://at.example']],
  [
    'every address of IPv4',
    { address: '0.0.0.0', tls: TLS },
    8443,
    ['https://gateway:8443', 'https://192.0.2.7:8443', 'https://localhost:8443', 'https://127.0.0.1:8443'],
  ],
  [
    'every address',
    { address: '::', tls: TLS },
    443,
    ['https://gateway', 'https://192.0.2.7', 'https://[2001:db8::7]', 'https://localhost', 'https://127.0.0.1'],
  ],
] as const)('%s is opened where a person can open it', (_, config, port, origins) => {
  expect(originsOf({ origin: undefined, ...config }, port, MACHINE)).toEqual(origins);
});

test('a machine whose name is none is opened by its address, and one without either on itself', () => {
  const config = { address: '0.0.0.0', tls: TLS, origin: undefined };
  expect(originsOf(config, 443, { ...MACHINE, name: 'a b' })[0]).toBe('https://192.0.2.7');
  expect(originsOf(config, 443, { name: '', addresses: [] })[0]).toBe('https://localhost');
});

test('a console that listens on every address gives a link that opens, and knows a page of each of its origins for its own', async () => {
  const world = await consoleWorld({ address: '0.0.0.0', port: 8443, tls: TLS });
  const link = world.firstLink() ?? '';
  expect(link).not.toContain('0.0.0.0');
  expect(new URL(link).hostname).toBe(hostname().toLowerCase());
  const tried = async (origin: string): Promise<string> => {
    const headers = { 'x-tongguan-csrf': 'none', origin };
    const payload = { account: 'nobody', password: 'wrong wrong wrong' };
    return (await world.ask({ method: 'POST', url: '/api/v1/session', headers, payload })).json<{ code: string }>()
      .code;
  };
  for (const origin of [new URL(link).origin, 'https://localhost:8443'])
    expect(await tried(origin)).not.toBe('SESSION_FOREIGN');
  expect(await tried('https://elsewhere.example')).toBe('SESSION_FOREIGN');
  expect(await tried('https://0.0.0.0:8443')).toBe('SESSION_FOREIGN');
});
