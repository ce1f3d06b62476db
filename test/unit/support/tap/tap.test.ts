import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { startTap, type Tap } from '../../../support/tap/tap.ts';
import { noise } from '../canary/plants.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A server behind a tap; both are closed after the test, and so is whatever connections they still have. */
async function tapped(onConnection: (socket: Socket) => void): Promise<Tap> {
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    onConnection(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const tap = await startTap({ listenPort: 0, targetPort: (server.address() as AddressInfo).port });
  closing.push(async () => {
    await tap.close();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return tap;
}

/** A client that bears being cut off. */
function dial(tap: Tap): Socket {
  const client = connect({ port: tap.port, host: '127.0.0.1', allowHalfOpen: true });
  return client.on('error', () => undefined);
}

/** All that a socket brings until its other side ends; it stays open for writing. */
function allOf(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve) => socket.once('end', () => resolve(Buffer.concat(chunks))));
}

const closed = (socket: Socket): Promise<unknown> => new Promise((resolve) => socket.once('close', resolve));

test('passes and records both directions, to the byte, more than any buffer holds', async () => {
  const answer = noise(1, 3_000_000);
  const question = noise(2, 5_000_000);
  const tap = await tapped(async (socket) => {
    await allOf(socket);
    socket.end(answer);
  });
  const client = dial(tap);
  client.end(question);
  expect((await allOf(client)).equals(answer)).toBe(true);
  const [recording] = tap.connections();
  expect(recording?.clientToServer.equals(question)).toBe(true);
  expect(recording?.serverToClient.equals(answer)).toBe(true);
});

test('keeps connections apart, in the order in which they came', async () => {
  const tap = await tapped((socket) => socket.pipe(socket));
  for (const text of ['first', 'second', 'third']) {
    const client = dial(tap);
    client.end(text);
    await allOf(client);
  }
  expect(tap.connections().map(({ clientToServer }) => clientToServer.toString())).toEqual([
    'first',
    'second',
    'third',
  ]);
});

test('keeps what was said by a side that is then gone', async () => {
  const tap = await tapped((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.resetAndDestroy());
  });
  const client = dial(tap);
  client.write('a last word');
  await closed(client);
  expect(tap.connections()[0]?.clientToServer.toString()).toBe('a last word');
});

test('a server that is not there is a connection that closes', async () => {
  const gone = createServer().listen(0, '127.0.0.1');
  await once(gone, 'listening');
  const { port } = gone.address() as AddressInfo;
  await new Promise((resolve) => gone.close(resolve));
  const tap = await startTap({ listenPort: 0, targetPort: port });
  closing.push(() => tap.close());
  const client = dial(tap);
  await closed(client);
  expect(tap.connections()).toHaveLength(1);
});

test('stays readable when it is closed', async () => {
  const tap = await tapped((socket) => socket.resume());
  const client = dial(tap);
  client.write('kept');
  while (tap.connections()[0]?.clientToServer.length !== 4) await new Promise((resolve) => setTimeout(resolve, 2));
  await tap.close();
  expect(tap.connections()[0]?.clientToServer.toString()).toBe('kept');
});
