import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { captureFiles } from '../../../../../cloud/adapters/capture-files.ts';
import { CATALOGUE_FILE, type ConnectionCapture } from '../../../../../cloud/capture/capture-record.ts';
import { expireCaptures } from '../../../../../cloud/exporter/capture/expire.ts';
import { type CaptureOptions, openCapture } from '../../../../../cloud/exporter/capture/open-capture.ts';
import type { Traffic, TrafficEntry } from '../../../../../cloud/exporter/traffic.ts';
import { DAY_MS, type Instant } from '../../../../../proto/words/time.ts';

const { privateKey, publicKey } = generateKeyPairSync('x25519');
let directory: string;
let now: number;
const clock = { now: () => now as Instant };

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tongguan-capture-'));
  now = Date.UTC(2026, 2, 1);
});
afterEach(() => rmSync(directory, { recursive: true }));

function open(changes: Partial<CaptureOptions> = {}) {
  const limits = { bytesMax: 10_000_000, segmentBytes: 65_536, lateMs: 5_000 };
  return openCapture({ directory, publicKey, clock, ...limits, ...changes });
}

function opened(changes: Partial<CaptureOptions> = {}) {
  const capture = open(changes);
  if (!capture.ok) throw new Error(capture.fault.code);
  return capture.value;
}

/** A socket to an echo, as raw as they come. */
async function echoed(use: (socket: Socket) => Promise<void>): Promise<void> {
  const server = createServer((socket) => socket.pipe(socket).on('error', () => undefined));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  await use(socket);
  socket.destroy();
  server.close();
}

/** Sends bytes over a recorded connection and, unless it is killed, ends its record. */
async function converse(capture: ReturnType<typeof opened>, number: number, bytes: Buffer, isKilled = false) {
  let ended: ConnectionCapture | undefined;
  const faults: string[] = [];
  await echoed(async (socket) => {
    const onFault = ({ code }: { readonly code: string }) => faults.push(code);
    const recorded = await capture.record({
      number,
      transferId: 't-1',
      initiator: 'own',
      openedAt: clock.now(),
      socket,
      onFault,
    });
    if (!recorded.ok) return;
    const { line, end } = recorded.value;
    let heard = 0;
    const back = new Promise<void>((resolve) => {
      line.on('data', (chunk: Buffer) => {
        heard += chunk.length;
        if (heard === bytes.length) resolve();
      });
      line.on('close', () => resolve());
      line.on('error', () => resolve());
    });
    line.write(bytes);
    await back;
    if (isKilled) return;
    socket.destroy();
    const closed = await end(true);
    if (closed.ok) ended = closed.value;
  });
  return { ended, faults };
}

const BYTES = Buffer.alloc(200_000, 'content');
const keyFile = () => {
  const file = join(directory, 'reader.key');
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return file;
};

test('what went both ways is in segments that the private key opens, and in nothing else on the disk', async () => {
  const { ended } = await converse(opened(), 2, BYTES);
  if (ended === undefined) throw new Error('a record');
  expect(ended).toMatchObject({ bytesSent: BYTES.length, bytesReceived: BYTES.length, isWhole: true });
  expect(ended.segments.length).toBeGreaterThan(1);
  for (const name of readdirSync(directory))
    expect(readFileSync(join(directory, name)).includes('contentcontent')).toBe(false);
  const files = captureFiles(directory, keyFile());
  expect(files.verify(ended)).toEqual({ ok: true, value: undefined });
  const events = [...files.events(ended)];
  const content = (kind: string) =>
    Buffer.concat(events.filter((event) => event.kind === kind).map(({ bytes }) => bytes));
  expect(content('sent').equals(BYTES) && content('received').equals(BYTES)).toBe(true);
});

test('a connection of more segments than its entry may name is ended there, and what is on record stays', async () => {
  const { ended, faults } = await converse(opened({ segmentsMax: 1 }), 2, BYTES);
  expect(faults).toEqual(['CAPTURE_UNWRITABLE']);
  expect(ended).toMatchObject({ isWhole: false });
  expect(ended?.segments).toHaveLength(1);
  expect(ended?.bytesSent).toBeLessThanOrEqual(BYTES.length);
});

test('with a block sealed ahead of the disk all of it is recorded, in order', async () => {
  const bytes = randomBytes(9_000_000);
  const { ended } = await converse(opened({ bytesMax: 100_000_000, segmentBytes: 5_000_000 }), 2, bytes);
  if (ended === undefined) throw new Error('a record');
  const files = captureFiles(directory, keyFile());
  expect(files.verify(ended).ok).toBe(true);
  const sent = [...files.events(ended)].filter(({ kind }) => kind === 'sent').map((event) => event.bytes);
  expect(Buffer.concat(sent).equals(bytes)).toBe(true);
});

test('a segment that was changed, cut, swapped or sealed to another key is told and never read', async () => {
  const capture = opened();
  const { ended } = await converse(capture, 2, BYTES);
  const { ended: second } = await converse(capture, 5, BYTES);
  if (ended === undefined || second === undefined) throw new Error('records');
  const files = captureFiles(directory, keyFile());
  const first = join(directory, '000000000002-00001.segment');
  const good = readFileSync(first);
  for (const at of [3, 300, good.length - 1]) {
    const bad = Buffer.from(good);
    bad[at] = (bad[at] ?? 0) ^ 1;
    writeFileSync(first, bad);
    expect(files.verify(ended), `byte ${at}`).toMatchObject({ ok: false, fault: { code: 'CAPTURE_CHANGED' } });
  }
  writeFileSync(first, good);
  truncateSync(first, good.length - 1);
  expect(files.verify(ended)).toMatchObject({ ok: false, fault: { code: 'CAPTURE_CHANGED' } });
  cpSync(join(directory, '000000000005-00001.segment'), first);
  expect(files.verify({ ...ended, segments: second.segments })).toMatchObject({
    ok: false,
    fault: { code: 'CAPTURE_CHANGED' },
  });
  writeFileSync(first, good);
  const other = join(directory, 'other.key');
  writeFileSync(other, generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'pem' }));
  expect(captureFiles(directory, other).verify(ended)).toMatchObject({
    ok: false,
    fault: { code: 'CAPTURE_KEY_OTHER' },
  });
  expect(files.verify(ended).ok).toBe(true);
});

test('what a killed process left is in the list at the next start, as far as it was durable', async () => {
  const killed = opened();
  await converse(killed, 2, BYTES, true);
  killed.close();
  const last =
    readdirSync(directory)
      .filter((name) => name.endsWith('.segment'))
      .at(-1) ?? '';
  appendFileSync(join(directory, last), Buffer.alloc(40, 1));
  const again = opened();
  const found = again.catalogue.find(2);
  if (found === undefined) throw new Error('a record');
  expect(found).toMatchObject({
    isWhole: false,
    bytesSent: BYTES.length,
    bytesReceived: BYTES.length,
    transferId: 't-1',
  });
  expect(captureFiles(directory, keyFile()).verify(found).ok).toBe(true);
  again.close();
  expect(opened().catalogue.kept()).toHaveLength(1);
});

test('a line that a crash left by halves is cut off; a line that was changed shuts the capture', async () => {
  const capture = opened();
  await converse(capture, 2, Buffer.from('a'));
  await converse(capture, 5, Buffer.from('b'));
  capture.close();
  const path = join(directory, CATALOGUE_FILE);
  const good = readFileSync(path, 'utf8');
  appendFileSync(path, '{"kind":"conn');
  expect(opened().catalogue.kept()).toHaveLength(2);
  expect(readFileSync(path, 'utf8')).toBe(good);
  writeFileSync(path, good.replace('"bytesSent":1', '"bytesSent":2'));
  expect(open()).toMatchObject({ ok: false, fault: { code: 'CAPTURE_DAMAGED' } });
  writeFileSync(path, good.slice(good.indexOf('\n') + 1));
  expect(open()).toMatchObject({ ok: false, fault: { code: 'CAPTURE_DAMAGED' } });
});

test('a directory that is not there is a fault and no empty capture', () => {
  expect(open({ directory: join(directory, 'elsewhere') })).toMatchObject({
    ok: false,
    fault: { code: 'CAPTURE_UNWRITABLE' },
  });
});

test('when the room is used up the connection is cut, and none begins', async () => {
  const capture = opened({ bytesMax: 60_000 });
  const { faults, ended } = await converse(capture, 2, BYTES);
  expect(faults).toEqual(['CAPTURE_FULL']);
  expect(ended).toMatchObject({ isWhole: false, bytesSent: 0 });
  rmSync(directory, { recursive: true });
  cpSync(mkdtempSync(join(tmpdir(), 'tongguan-capture-')), directory, { recursive: true });
  const { faults: none } = await converse(opened({ bytesMax: 100 }), 2, BYTES);
  expect(none).toEqual(['CAPTURE_FULL']);
});

test('what is over its time is deleted, logged first; a millisecond earlier nothing is', async () => {
  const capture = opened();
  await converse(capture, 2, Buffer.from('a'));
  const segments = () => readdirSync(directory).filter((name) => name.endsWith('.segment')).length;
  const entries: TrafficEntry[] = [];
  const told = { fails: false };
  const traffic: Pick<Traffic, 'append'> = {
    append: async (added) => {
      if (told.fails)
        return {
          ok: false,
          fault: {
            code: 'TRAFFIC_LOG',
            problem: { en: '', zh: '' },
            remedy: { en: '', zh: '' },
            retry: 'after-remedy',
          },
        };
      expect(segments()).toBe(1);
      entries.push(...added);
      return { ok: true, value: 0 };
    },
  };
  const expire = () => expireCaptures({ capture, traffic: traffic as Traffic, clock }, 1);
  const end = capture.catalogue.kept()[0]?.endMs ?? 0;
  now = end + 31 * DAY_MS - 1;
  expect(await expire()).toEqual({ ok: true, value: 0 });
  now += 1;
  told.fails = true;
  expect(await expire()).toMatchObject({ ok: false });
  expect(segments()).toBe(1);
  told.fails = false;
  expect(await expire()).toEqual({ ok: true, value: 1 });
  expect(segments()).toBe(0);
  expect(entries).toMatchObject([
    { kind: 'capture-deleted', transferId: 't-1', document: { openLeafIndex: 2, row: 'capture-sample-31d' } },
  ]);
  capture.close();
  expect(opened().catalogue.kept()).toEqual([]);
});

test('a record whose end cannot be told, for the clock throws, holds its file no longer', async () => {
  let isBroken = false;
  const broken = (): Instant => {
    if (isBroken) throw new Error('the clock is broken');
    return now as Instant;
  };
  const capture = opened({ clock: { now: broken } });
  await echoed(async (socket) => {
    const about = { number: 0, transferId: 't-1', initiator: 'own' as const, openedAt: now as Instant, socket };
    const recorded = await capture.record({ ...about, onFault: () => undefined });
    if (!recorded.ok) return expect.fail(recorded.fault.code);
    isBroken = true;
    await expect(recorded.value.end(true)).rejects.toThrow('broken');
  });
  capture.close();
  await expect.poll(openSegments).toEqual([]);
});

/** Segments that this process has open. */
const openSegments = (): readonly string[] =>
  readdirSync('/proc/self/fd')
    .map((fd) => {
      try {
        return readlinkSync(join('/proc/self/fd', fd));
      } catch {
        return '';
      }
    })
    .filter((path) => path.startsWith(directory) && path.endsWith('.segment'));
