import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { connectForward } from '../../cloud/adapters/forward-connection.ts';
import { sqliteForwardQueues } from '../../cloud/adapters/sqlite-forward-queue.ts';
import { FORWARD_QUEUE_FILE, type Forwarding, openForwarding } from '../../cloud/composition/open-forwarding.ts';
import type { CloudConfig } from '../../cloud/config/config.ts';
import type { Arrival } from '../../cloud/ingest/sort-out.ts';
import { createGbStream } from '../../cloud/terminals/gb32960/stream.ts';
import { encodeGb, type GbView, viewOfGb } from '../../cloud/terminals/gb32960/view.ts';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import { NOW } from '../support/cloud/batches.ts';
import { scratchDirectory } from '../support/cloud/stores.ts';
import { testVin } from '../support/cloud/vins.ts';

const KEY = new Uint8Array(32).fill(7);
const VIN = testVin(1);
const PLATFORM = 'ENTERPRISE0000001';

function frameOf(second: number): Buffer {
  const at = `2026-03-01T11:00:${String(second).padStart(2, '0')}+08:00`;
  const position = { item: 'position', status: 0, longitude: 119.5, latitude: 32.1 };
  const head = { protocol: 'gb32960-2016', command: 'realtime', answer: 'command', vin: VIN } as const;
  const bytes = encodeGb({ ...head, encryption: 'none', checksum: 'good', body: { at, items: [position] } });
  if (!bytes.ok) throw new Error(bytes.fault.code);
  return bytes.value;
}

const arrivalOf = (payload: Uint8Array, rejection?: Arrival['rejection']) =>
  ({ payload, batch: rejection === undefined ? {} : undefined, rejection }) as Arrival;

/** A national platform; `answer` says how each message is answered, or not at all. */
async function platform(answer: (view: GbView) => string | undefined) {
  const heard: GbView[] = [];
  const sockets = new Set<Socket>();
  let bytes = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    const stream = createGbStream({
      frame: (frame) => {
        const view = viewOfGb(frame);
        heard.push(view);
        const said = answer(view);
        const { at } = view.body;
        const reply = encodeGb({ ...view, answer: said ?? '', body: at === undefined ? {} : { at } });
        if (said !== undefined && reply.ok) socket.write(reply.value);
      },
      fault: () => expect.unreachable(),
    });
    socket.on('data', (segment: Buffer) => {
      bytes += segment.length;
      stream.push(segment);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    cut();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { port, heard, cut, bytes: () => bytes };
}

function forwardTo(
  port: number,
  directory: string,
  more: object = {},
  access: object | undefined = { mainland: ['127.0.0.0/8'] },
) {
  writeFileSync(join(directory, 'password'), 'secret\n');
  const to = {
    ...{ name: 'national', host: '127.0.0.1', port, networks: ['127.0.0.1/32'], edition: 2016, platform: PLATFORM },
    ...{ user: 'tongguan', passwordFile: join(directory, 'password'), ...more },
  };
  const config = { terminals: { forward: [to] }, stores: { directory }, access };
  let now = NOW;
  const clock = {
    now: () => {
      now = (now + 1) as typeof NOW;
      return now;
    },
  };
  const loaded = {
    config: config as unknown as CloudConfig,
    path: (file: string) => file,
  } as LoadedConfig<CloudConfig>;
  const alerts: unknown[] = [];
  const opened = openForwarding(loaded, { clock, alert: (document) => alerts.push(document['outcome']) }, KEY);
  if (!opened.ok || opened.value === undefined) throw new Error('it opens');
  const forwarding: Forwarding = opened.value;
  onTestFinished(forwarding.close);
  return { forwarding, alerts, status: () => forwarding.status()[0] };
}

const namesOf = (heard: readonly GbView[]) => heard.map(({ command }) => command);

test('logs in by account, forwards what was taken in, and forgets it when it is acknowledged', async () => {
  const { port, heard } = await platform(() => 'ok');
  const { forwarding, status } = forwardTo(port, scratchDirectory());
  await expect.poll(() => status()?.isLoggedIn).toBe(true);
  forwarding.add([arrivalOf(frameOf(1)), arrivalOf(frameOf(2), 'TERMINAL_LAYOUT'), arrivalOf(frameOf(3))]);
  await expect.poll(() => status()?.counts).toEqual({ acknowledged: 2 });
  expect(status()?.waiting).toBe(0);
  expect(heard[0]).toMatchObject({ command: 'platform-login', vin: PLATFORM });
  expect(heard[0]?.body).toMatchObject({ serial: 1, user: 'tongguan\0\0\0\0', password: `secret${'\0'.repeat(14)}` });
  expect(heard.slice(1).map(({ command, vin }) => [command, vin])).toEqual([
    ['realtime', VIN],
    ['realtime', VIN],
  ]);
});

test('what was not acknowledged outlives the process and the connection, and goes as a reissue', async () => {
  const directory = scratchDirectory();
  const deaf = await platform(({ command }) => (command === 'platform-login' ? 'ok' : undefined));
  const first = forwardTo(deaf.port, directory);
  await expect.poll(() => first.status()?.isLoggedIn).toBe(true);
  first.forwarding.add([arrivalOf(frameOf(1)), arrivalOf(frameOf(2))]);
  await expect.poll(() => namesOf(deaf.heard)).toEqual(['platform-login', 'realtime', 'realtime']);
  deaf.cut();
  first.forwarding.close();
  const { port, heard } = await platform(({ command }) => (command === 'realtime' ? undefined : 'ok'));
  const second = forwardTo(port, directory);
  await expect.poll(() => second.status()?.counts).toEqual({ acknowledged: 2 });
  expect(namesOf(heard)).toEqual(['platform-login', 'reissue', 'reissue']);
});

test('what the platform refuses is counted, alerted and not sent again; so is its login', async () => {
  const { port } = await platform(({ command }) => (command === 'platform-login' ? 'ok' : 'error'));
  const { forwarding, status, alerts } = forwardTo(port, scratchDirectory());
  forwarding.add([arrivalOf(frameOf(1))]);
  await expect.poll(() => status()?.counts).toEqual({ refused: 1 });
  expect(status()?.waiting).toBe(0);
  expect(alerts).toEqual(['refused']);
  const closed = await platform(() => 'error');
  const other = forwardTo(closed.port, scratchDirectory());
  await expect.poll(() => other.status()?.counts).toEqual({ 'login-refused': 1 });
});

test.each([
  ['an address outside the networks of the destination', { networks: ['192.0.2.0/24'] }, undefined],
  ['an address that nobody said lies in the mainland', {}, { mainland: ['10.0.0.0/8'] }],
  ['no list of the mainland', {}, { mainland: [] }],
  ['a name that leads nowhere', { host: 'platform.invalid' }, undefined],
])('nothing is sent to %s, and it waits', async (_, more, access) => {
  const { port, bytes } = await platform(() => 'ok');
  const { forwarding, status, alerts } = forwardTo(port, scratchDirectory(), more, access);
  forwarding.add([arrivalOf(frameOf(1))]);
  await expect.poll(() => status()?.counts.address).toBe(1);
  expect(status()?.waiting).toBe(1);
  expect(bytes()).toBe(0);
  expect(alerts).toEqual(['address']);
});

test.each([
  ['peer', { mayReceive: () => false }],
  ['address', { choose: () => undefined }],
  ['address', { host: 'name.example', lookup: () => Promise.reject(new Error('no answer')) }],
])('a connection is refused as `%s` before a byte is written', async (refusal, more) => {
  const { port, bytes } = await platform(() => 'ok');
  const to = { host: '127.0.0.1', port, lookup: async () => ['127.0.0.1'], mayReceive: () => true };
  const got = await connectForward({ ...to, choose: ([first]: readonly string[]) => first, ...more });
  expect(got).toBe(refusal);
  expect(bytes()).toBe(0);
});

test('the queue holds nothing that can be read, lets the oldest give way, and opens nothing that was changed', () => {
  const directory = scratchDirectory();
  const queues = sqliteForwardQueues(join(directory, FORWARD_QUEUE_FILE), KEY, 2);
  const queue = queues.of('national');
  expect(queue.add([frameOf(1), frameOf(2), frameOf(3)])).toBe(1);
  expect(queue.after(0, 9).map(({ octets }) => Buffer.from(octets))).toEqual([frameOf(2), frameOf(3)]);
  expect(queues.of('local').count()).toBe(0);
  queues.close();
  const files = ['', '-wal'].map((suffix) => {
    try {
      return readFileSync(join(directory, FORWARD_QUEUE_FILE + suffix));
    } catch {
      return Buffer.alloc(0);
    }
  });
  expect(files.some((bytes) => bytes.includes(VIN) || bytes.includes(frameOf(2).subarray(24, 34)))).toBe(false);
  const other = sqliteForwardQueues(join(directory, FORWARD_QUEUE_FILE), new Uint8Array(32).fill(8));
  expect(
    other
      .of('national')
      .after(0, 9)
      .map(({ octets }) => octets.length),
  ).toEqual([0, 0]);
  other.close();
});
