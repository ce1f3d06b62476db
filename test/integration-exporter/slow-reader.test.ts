import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ExporterStatus } from '../../cloud/exporter/main.ts';
import { type Border, createBorder, putParcel } from './support/border.ts';
import { dialPull, type Fetched, fetchPull, PULL_ENDPOINT, writePullConfig } from './support/pull-client.ts';
import { type Running, readTraffic, startExporter, until } from './support/running.ts';

// Whoever drips, stalls or says nothing towards the exporter's listener: every line ends by itself, in the time that is named for it.

const PATIENCE = { handshakeMs: 2_000, headersMs: 2_000, requestMs: 2_400, idleMs: 500, stalledMs: 1_500 };
const DRIP_MS = 100;
/** More than fits into what lies between two sockets; no two pieces of it are alike. */
const DATA = Buffer.alloc(16_000_000, 'drip by drip,');

let border: Border;
let exporter: Running<ExporterStatus>;
let port: number;
beforeAll(async () => {
  const made = await createBorder();
  border = { ...made, recipient: await made.authority.issue('recipient', 'client') };
  const limits = { patience: PATIENCE, connectionsMax: 12, connectionsPerRecipientMax: 8 };
  exporter = startExporter(await writePullConfig(border, { host: '127.0.0.1', port: 0 }, limits));
  await until(() => exporter.lines.some((line) => line.includes('at port')));
  port = Number(/port (\d+)/.exec(exporter.lines.join())?.[1]);
  for (const id of ['t-1', 't-2']) putParcel(border, { id, endpoint: PULL_ENDPOINT, files: { 'data.bin': DATA } });
});
afterAll(async () => {
  await exporter.stop();
  border.remove();
});

/** Writes a text byte by byte for as long as the line stands. */
async function drip(socket: Socket, bytes: Buffer): Promise<void> {
  for (const byte of bytes) {
    if (socket.destroyed || !socket.writable) return;
    socket.write(Buffer.of(byte));
    await sleep(DRIP_MS);
  }
}

const plain = (): Socket => {
  const socket = connect(port, '127.0.0.1');
  return socket.on('error', () => undefined).resume();
};
const secure = async (said = ''): Promise<Socket> => {
  const socket = dialPull(border, port)
    .on('error', () => undefined)
    .resume();
  await once(socket, 'secureConnect');
  if (said !== '') socket.write(said);
  return socket;
};
/** Cut off or ended: to whoever is kept waiting it is the same. */
const closing = (socket: Socket) => new Promise<void>((resolve) => socket.once('close', () => resolve()));
const get = (id: string) => `GET /v1/transfers/${id}/files/data.bin HTTP/1.1\r\nhost: a\r\n`;

/** The beginning of a record of TLS that promises a long handshake. */
const HELLO = Buffer.concat([Buffer.from('160301020001000001fc0303', 'hex'), Buffer.alloc(508)]);

const dripping = (socket: Socket, bytes: Buffer): Socket => {
  void drip(socket, bytes);
  return socket;
};
const RECEIPT = 'POST /v1/transfers/t-1/receipt HTTP/1.1\r\nhost: a\r\ncontent-length: 60\r\n\r\n';

// biome-ignore format: one way a line
const WAYS: readonly (readonly [string, () => Promise<Socket>])[] = [
  ['says nothing at all', async () => plain()],
  ['drips a handshake', async () => dripping(plain(), HELLO)],
  ['stands after the handshake and asks for nothing', () => secure()],
  ['drips the headers of its request', async () => dripping(await secure(get('t-1')), Buffer.alloc(300, 'x: y\r\n'))],
  ['drips the body of its receipt', async () => dripping(await secure(RECEIPT), Buffer.alloc(60, 'x'))],
  ['has its answer and goes on standing', () => secure('GET /v1/transfers/t-9/manifest HTTP/1.1\r\nhost: a\r\n\r\n')],
  ['takes a little of a file and no more', async () => (await secure(`${get('t-2')}\r\n`)).pause()],
];

/** How often somebody honest asks: on a machine at work his own line may take longer than lines are given here. */
const ASKS_MAX = 5;

async function served(path: string, bytes: number): Promise<Fetched> {
  let fetched: Fetched | undefined;
  for (let asked = 0; asked < ASKS_MAX && (fetched?.body.length ?? 0) < bytes; asked += 1)
    fetched = await fetchPull(border, port, { path });
  return fetched ?? expect.fail('no answer');
}

test('every way of holding a line ends by itself, and gives back what it held', async () => {
  const ended = await Promise.all(
    WAYS.map(async ([way, begin]) => {
      const socket = await begin();
      const closed = closing(socket).then(() => way);
      // Our own end sees the other side's only when it reads.
      const reads = sleep(2 * PATIENCE.stalledMs).then(() => socket.resume());
      return Promise.race([closed, Promise.all([reads, sleep(15_000)]).then(() => `${way}: still there`)]);
    }),
  );
  expect(ended).toEqual(WAYS.map(([way]) => way));
  for (const id of ['t-1', 't-2']) {
    const { body } = await served(`/v1/transfers/${id}/files/data.bin`, DATA.length);
    expect(body.equals(DATA), id).toBe(true);
  }
  // Who breaks off is no fault of ours.
  expect(exporter.lines.join()).not.toContain('PULL_BROKEN');
});

test('more lines than there is room for are let go at once, and there is room again when their time is over', async () => {
  const silent = Array.from({ length: 40 }, plain);
  const ends = silent.map(closing);
  await Promise.all(ends);
  expect((await served('/v1/transfers/t-1/manifest', 1)).status).toBe(200);
});

test('each line that was held is in the log, opened and ended', async () => {
  await exporter.stop();
  const lines = readTraffic(border).filter(({ kind }) => kind.startsWith('connection'));
  expect(lines.length).toBeGreaterThan(2 * WAYS.length);
  expect(lines.filter(({ kind }) => kind === 'connection')).toHaveLength(lines.length / 2);
});
