import { X509Certificate } from 'node:crypto';
import { createServer as createPlain, type Server, type Socket } from 'node:net';
import { createServer } from 'node:tls';
import { expect, onTestFinished, test, vi } from 'vitest';
import { connectForward, type ForwardAddress } from '../../cloud/adapters/forward-connection.ts';
import { chosenAddress, mayReceive, residencyOf } from '../../cloud/forwarding/residency.ts';
import { createAuthority } from '../support/cloud/certificates.ts';

const RESIDENCY = residencyOf(['127.0.0.1/32'], ['127.0.0.0/8']);
const own = await createAuthority('platforms');
const other = await createAuthority('others');
const identity = await own.issue('localhost', 'server');
const pin = new X509Certificate(identity.certificate).fingerprint256.replaceAll(':', '').toLowerCase();

async function listening(server: Server): Promise<{ readonly port: number; readonly bytes: () => number }> {
  let bytes = 0;
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  server.on('secureConnection', (socket: Socket) => socket.on('data', ({ length }) => (bytes += length)));
  server.on('connection', (socket: Socket) => socket.on('data', ({ length }) => (bytes += length)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : 0, bytes: () => bytes };
}

const addressOf = (port: number, more: Partial<ForwardAddress>): ForwardAddress => ({
  ...{ host: 'platform.example', port, lookup: async () => ['127.0.0.1'] },
  choose: (addresses) => chosenAddress(addresses, RESIDENCY),
  mayReceive: (address) => mayReceive(address, RESIDENCY),
  ...more,
});

const opened = async (to: ForwardAddress): Promise<string> => {
  const got = await connectForward(to);
  if (typeof got === 'string') return got;
  onTestFinished(() => void got.destroy());
  return 'open';
};

test('a name is followed to its address, and the address is asked for again once connected', async () => {
  const { port } = await listening(createPlain());
  const asked: (string | undefined)[] = [];
  const look = (address: string | undefined): boolean => {
    asked.push(address);
    return mayReceive(address, RESIDENCY);
  };
  expect(await opened(addressOf(port, { mayReceive: look }))).toBe('open');
  expect(asked).toEqual(['127.0.0.1']);
});

test.each<[string, Partial<ForwardAddress>, string]>([
  ['a name that also leads elsewhere', { lookup: async () => ['127.0.0.1', '198.51.100.1'] }, 'address'],
  ['a name that leads elsewhere in IPv6 dress', { lookup: async () => ['::ffff:127.0.0.2'] }, 'address'],
  ['a name without an address', { lookup: async () => [] }, 'address'],
  ['a name that nobody answers for', { lookup: () => Promise.reject(new Error('none')) }, 'address'],
  ['an address that is not the destination', { host: '127.0.0.2' }, 'address'],
  ['a choice that throws', { choose: () => expect.unreachable() }, 'address'],
  ['another peer than was asked for', { choose: () => '127.0.0.1', mayReceive: (one) => one === '127.0.0.2' }, 'peer'],
])('%s is refused, and nothing is written', async (_, more, refusal) => {
  const { port, bytes } = await listening(createPlain());
  expect(await opened(addressOf(port, more))).toBe(refusal);
  expect(bytes()).toBe(0);
});

test('a name whose answer is late leads nowhere', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const got = connectForward(addressOf(1, { lookup: () => new Promise(() => undefined) }));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await got).toBe('address');
});

test.each<[string, NonNullable<ForwardAddress['tls']>, string, string]>([
  ['of its authority', { authority: own.certificate, certificateSha256: undefined }, 'localhost', 'open'],
  ['that is pinned', { authority: own.certificate, certificateSha256: pin }, 'localhost', 'open'],
  [
    'that is not the pinned one',
    { authority: own.certificate, certificateSha256: '0'.repeat(64) },
    'localhost',
    'certificate',
  ],
  ['of another authority', { authority: other.certificate, certificateSha256: pin }, 'localhost', 'certificate'],
  ['of another name', { authority: own.certificate, certificateSha256: undefined }, 'platform.example', 'certificate'],
])('with TLS, a certificate %s: %s', async (_, tls, host, outcome) => {
  const { port } = await listening(createServer({ cert: identity.certificate, key: identity.key }));
  expect(await opened(addressOf(port, { tls, host }))).toBe(outcome);
});

test('nobody listens: unreachable', async () => {
  const server = createPlain();
  const { port } = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  expect(await opened(addressOf(port, {}))).toBe('unreachable');
});
