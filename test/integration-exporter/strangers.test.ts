import { createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTrafficOfLog } from '../../cloud/audit/traffic-of-log.ts';
import { openCapture } from '../../cloud/exporter/capture/open-capture.ts';
import { acceptLine } from '../../cloud/exporter/pull/accept-line.ts';
import { createDoorkeeper } from '../../cloud/exporter/pull/doorkeeper.ts';
import { createStrangerLimit, type StrangerLimit } from '../../cloud/exporter/pull/stranger-limit.ts';
import { followTraffic } from '../../cloud/exporter/traffic.ts';
import { openLog } from '../../cloud/log/open-log.ts';
import type { TestIdentity } from '../support/cloud/certificates.ts';
import { type Border, createBorder, LOG_ORIGIN, putParcel, RECIPIENT_ID, SYSTEM_CLOCK } from './support/border.ts';
import { writeExporterConfig } from './support/configs.ts';
import { readTraffic, startExporter, until } from './support/running.ts';

const ENDPOINT = 'https://recipient.example';
/** Connections of an attack. */
const ATTACK = 3_000;
/** What `createStrangerLimit` records of one source, and of all. */
const OF_ONE_SOURCE = 20;
const OF_ALL = 200;

/** It stands still: nothing of a limit comes back while a test goes on, however slow the machine. */
const NOW = SYSTEM_CLOCK.now();
const clock = { now: () => NOW };

let border: Border;
beforeEach(async () => {
  const made = await createBorder();
  border = { ...made, recipient: await made.authority.issue('recipient', 'client') };
});
afterEach(() => border.remove());

const put = (id: string): unknown =>
  putParcel(border, {
    ...{ id, endpoint: ENDPOINT, files: { 'data.bin': Buffer.alloc(1_000, 'x') } },
    permit: { notBeforeMs: NOW, expiresAtMs: NOW + 3_600_000 },
  });

async function startPull(limits: object = {}) {
  const server = await border.authority.issue('exporter', 'server');
  writeFileSync(join(border.root, 'keys/pull.crt'), server.certificate);
  writeFileSync(join(border.root, 'keys/pull.key'), server.key);
  const authorityFile = 'keys/authority.crt';
  const recipient = { id: RECIPIENT_ID, endpoint: ENDPOINT, certificateSha256: border.recipient.sha256 };
  const files = { certificateFile: 'keys/pull.crt', keyFile: 'keys/pull.key', clientAuthorityFile: authorityFile };
  const running = startExporter(
    writeExporterConfig(border, ENDPOINT, {
      recipients: [{ ...recipient, sealedTo: 'none', delivery: 'pull', authorityFile }],
      pull: { listen: { host: '127.0.0.1', port: 0 }, ...files, ...limits },
    }),
    clock,
  );
  await until(() => running.lines.some((line) => line.includes('at port')));
  return { ...running, port: Number(/port (\d+)/.exec(running.lines.join())?.[1]) };
}

/** Connects, says something that is no TLS, and waits for the end. */
async function strike(port: number, localAddress: string, bytes = 64): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  socket.on('error', () => undefined);
  socket.on('data', () => undefined);
  socket.write(Buffer.alloc(bytes, 'x'));
  await once(socket, 'close').catch(() => undefined);
}

async function attack(port: number, localAddress: (at: number) => string, many = ATTACK): Promise<void> {
  const [AT_ONCE, all] = [8, Array.from({ length: many }, (_, at) => at)];
  const worker = async (): Promise<void> => {
    for (let at = all.pop(); at !== undefined; at = all.pop()) await strike(port, localAddress(at));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

const bytesOf = (directory: string): number =>
  readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
const onDisk = (): number => bytesOf(border.logDirectory) + bytesOf(border.captures);
const opened = (): number => readTraffic(border).filter(({ kind }) => kind === 'connection-open').length;
const refused = (): number =>
  readTraffic(border)
    .filter(({ kind }) => kind === 'strangers-refused')
    .reduce((sum, { document }) => sum + Number(document['connections']), 0);

/** Status line of a fetch as the recipient, from an address. */
async function fetched(
  port: number,
  localAddress: string,
  id: string,
  who: TestIdentity = border.recipient,
): Promise<string> {
  const line = connect({ port, host: '127.0.0.1', localAddress });
  const identity = { cert: who.certificate, key: who.key, ca: border.authority.certificate };
  const socket = connectTls({ socket: line, ...identity, servername: 'localhost' });
  socket.on('error', () => undefined);
  line.on('error', () => undefined);
  socket.write(`GET /v1/transfers/${id}/files/data.bin HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`);
  let said = '';
  socket.on('data', (chunk: Buffer) => {
    said += chunk.toString('latin1');
  });
  await once(socket, 'close').catch(() => undefined);
  return said.split('\r\n')[0] ?? '';
}

/** The same way into log and capture as of the listener, with a limit of its own. */
async function listenWith(limit: StrangerLimit) {
  const log = openLog({
    ...{ directory: border.logDirectory, origin: LOG_ORIGIN, signingKey: border.logKey, clock },
  });
  if (!log.ok) throw new Error(log.fault.code);
  const traffic = followTraffic(log.value);
  if (!traffic.ok) throw new Error(traffic.fault.code);
  const capture = openCapture({
    ...{ directory: border.captures, publicKey: createPublicKey(border.captureKey), clock },
    ...{ bytesMax: 1_000_000_000, segmentBytes: 1_000_000, lateMs: 20_000 },
  });
  if (!capture.ok) throw new Error(capture.fault.code);
  const options = { traffic: traffic.value, capture: capture.value, clock };
  const onLogFault = () => undefined;
  const doorkeeper = createDoorkeeper({ ...options, limit, onLogFault });
  const ends: Promise<unknown>[] = [];
  const server = createServer((socket: Socket) => {
    socket.on('error', () => socket.destroy());
    if (doorkeeper.admit(socket.remoteAddress ?? '') === undefined) {
      socket.destroy();
      return;
    }
    // No TLS stands above it: what is no handshake ends a connection there, and here.
    const accepting = acceptLine(socket, { ...options, onLogFault, mayTake: () => true }).then((accepted) => {
      if (!accepted.ok) return;
      accepted.value.line.on('data', () => socket.destroy());
      ends.push(accepted.value.ended);
    });
    ends.push(accepting);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async (): Promise<void> => {
    server.close();
    await Promise.all(ends.splice(0));
    await Promise.all(ends);
    await doorkeeper.close();
    capture.value.close();
    log.value.close();
  };
  return { port: (server.address() as AddressInfo).port, stop };
}

test('without a limit each connection of a stranger stays on the disk, and with it twenty of one source do', async () => {
  const before = onDisk();
  const open = await listenWith({ admit: () => ({ vouch: () => undefined }) });
  await attack(open.port, () => '127.0.0.1', 300);
  await open.stop();
  expect([opened(), refused()]).toEqual([300, 0]);
  const each = (onDisk() - before) / 300;
  expect(each).toBeGreaterThan(1_500);

  const between = onDisk();
  const limited = await listenWith(createStrangerLimit());
  await attack(limited.port, () => '127.0.0.1');
  await limited.stop();
  expect([opened() - 300, refused()]).toEqual([OF_ONE_SOURCE, ATTACK - OF_ONE_SOURCE]);
  expect(onDisk() - between).toBeLessThan(2 * OF_ONE_SOURCE * each);
});

test('an attack from many addresses leaves a bounded trace, and a recipient at an address of its own is served beside it', async () => {
  const exporter = await startPull();
  for (const id of ['t-1', 't-2']) put(id);
  expect(await fetched(exporter.port, '127.0.2.1', 't-1')).toBe('HTTP/1.1 200 OK');
  const before = onDisk();
  await attack(exporter.port, (at) => `127.0.${3 + (at % 50)}.${1 + (at % 200)}`);
  expect(await fetched(exporter.port, '127.0.2.1', 't-2'), 'by who was here before').toBe('HTTP/1.1 200 OK');
  expect(await fetched(exporter.port, '127.0.9.250', 't-2'), 'by who comes from elsewhere, for now').toBe('');
  expect(await exporter.stop()).toBe(0);

  expect(opened()).toBe(2 + OF_ALL);
  expect(refused() + opened()).toBe(ATTACK + 3);
  expect(onDisk() - before).toBeLessThan(2_000_000);
  const follow = createTrafficOfLog((id) => id.startsWith('t-'));
  expect(readTraffic(border).flatMap((entry, index) => follow.take({ index, ...entry }))).toEqual([]);
});

test('a recipient that begins connection after connection is told so, and then leaves no more than a stranger', async () => {
  const [SERVED, OF_ITS_ADDRESS, BEYOND] = [5, 60, 10];
  const exporter = await startPull({ connectionsPerMinuteMax: SERVED });
  put('t-1');
  const said: string[] = [];
  for (let at = 0; at < SERVED + OF_ITS_ADDRESS + BEYOND; at += 1)
    said.push(await fetched(exporter.port, '127.0.6.1', 't-1'));
  const how = (line: string): number => said.filter((one) => one === line).length;
  expect(said.slice(0, SERVED)).toEqual(Array(SERVED).fill('HTTP/1.1 200 OK'));
  expect([how('HTTP/1.1 429 Too Many Requests'), how('')]).toEqual([OF_ITS_ADDRESS, BEYOND]);
  expect(await exporter.stop()).toBe(0);
  expect([opened(), refused()]).toEqual([SERVED + OF_ITS_ADDRESS, BEYOND]);
});

test('a log with refused connections opens again, and a stranger that says much is cut off before it is recorded', async () => {
  const exporter = await startPull();
  await strike(exporter.port, '127.0.4.1', 8_000_000);
  await attack(exporter.port, () => '127.0.5.1', 100);
  await exporter.stop();
  const captured = readFileSync(join(border.captures, 'connections.ndjson'), 'utf8').trim().split('\n');
  expect(captured).toHaveLength(1 + OF_ONE_SOURCE);
  for (const line of captured) expect(JSON.parse(line)['bytesReceived']).toBeLessThanOrEqual(32_768);
  const again = await startPull();
  expect(await again.stop()).toBe(0);
});
