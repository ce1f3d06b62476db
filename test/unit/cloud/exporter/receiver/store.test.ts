import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FileName, TransferId } from '../../../../../cloud/exporter/names.ts';
import { createCompleter } from '../../../../../cloud/exporter/receiver/complete-transfer.ts';
import { type Layout, layoutOf, prepareLayout } from '../../../../../cloud/exporter/receiver/layout.ts';
import { createTaker } from '../../../../../cloud/exporter/receiver/take-file.ts';
import { canonicalJson } from '../../../../../proto/words/canonical-json.ts';
import type { Instant } from '../../../../../proto/words/time.ts';
import { manifestOf, sha256Hex } from '../../../../integration-exporter/support/border.ts';

const pem = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
const key = createPrivateKey(pem);
const KEY = { exporterId: 'a', id: 't-1' as TransferId };
const LIMITS = { filesMax: 4, parcelBytesMax: 10_000, stagedTransfersMax: 4 };
const FILES = { 'data.ndjson': Buffer.from('{"row":1}\n') };
const MANIFEST = Buffer.from(canonicalJson(manifestOf('t-1', FILES)));
const HASH = Buffer.from(sha256Hex(MANIFEST), 'hex');

let directory: string;
let layout: Layout;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tongguan-receiver-'));
  layout = layoutOf(directory);
  await prepareLayout(layout, ['a', 'b']);
});
afterEach(() => rmSync(directory, { recursive: true }));

function open() {
  const received: string[] = [];
  const completer = createCompleter({
    layout,
    limits: LIMITS,
    clock: { now: () => 5 as Instant },
    recipientId: 'acme-de',
    key,
    publicKey: createPublicKey(key),
    onReceived: ({ id }) => received.push(id),
  });
  const take = createTaker({ layout, limits: LIMITS, isCompleting: completer.isCompleting });
  const put = (name: string, bytes: Uint8Array, from = KEY) =>
    take({ key: from, name: name as FileName, bytes: bytes.length, body: Readable.from([bytes]) });
  return { complete: completer.complete, take, put, received };
}

test('files become a parcel with its receipt in one step', async () => {
  const store = open();
  await store.put('manifest.json', MANIFEST);
  await store.put('data.ndjson', FILES['data.ndjson']);
  expect(readdirSync(layout.received)).toEqual([]);
  expect((await store.complete(KEY, HASH)).ok).toBe(true);
  expect(readdirSync(layout.receivedTransfer(KEY.id)).sort()).toEqual(['data.ndjson', 'manifest.json', 'receipt.bin']);
  expect(store.received).toEqual(['t-1']);
  expect(readdirSync(layout.stagingOf('a'))).toEqual([]);
});

test('a file that comes while the parcel is completed cannot slip into it', async () => {
  const store = open();
  await store.put('manifest.json', MANIFEST);
  await store.put('data.ndjson', FILES['data.ndjson']);
  const late = new PassThrough();
  const taking = store.take({ key: KEY, name: 'data.ndjson' as FileName, bytes: 10, body: late });
  const completing = store.complete(KEY, HASH);
  late.end('{"row":2}\n');
  const [taken, completed] = await Promise.all([taking, completing]);
  expect(completed.ok).toBe(true);
  expect(taken).toMatchObject({ ok: false });
  expect(sha256Hex(FILES['data.ndjson'])).toBe(sha256Hex(await received('data.ndjson')));
  expect(readdirSync(layout.parts)).toEqual([]);
});

const received = async (name: string) => {
  const { readFile } = await import('node:fs/promises');
  return readFile(join(layout.receivedTransfer(KEY.id), name));
};

test('a file that is late, and comes in after the parcel was received, leaves nothing behind', async () => {
  const store = open();
  await store.put('manifest.json', MANIFEST);
  await store.put('data.ndjson', FILES['data.ndjson']);
  const late = new PassThrough();
  const taking = store.take({ key: KEY, name: 'data.ndjson' as FileName, bytes: 10, body: late });
  late.write('{"row"');
  while (readdirSync(layout.parts).length === 0) await new Promise(setImmediate);
  expect((await store.complete(KEY, HASH)).ok).toBe(true);
  late.end(':2}\n');
  expect(await taking).toMatchObject({ ok: false, fault: { code: 'TRANSFER_ALREADY_RECEIVED' } });
  expect(readdirSync(layout.stagingOf('a'))).toEqual([]);
});

test('one exporter cannot add to the transfer of another, nor take its place', async () => {
  const store = open();
  await store.put('manifest.json', MANIFEST);
  await store.put('data.ndjson', Buffer.from('{"row":2}\n'), { ...KEY, exporterId: 'b' });
  expect(await store.complete(KEY, HASH)).toMatchObject({ ok: false, fault: { code: 'PARCEL_INCOMPLETE' } });
});

test('a receipt that a killed receiver wrote and never gave away does not stand in the way', async () => {
  const store = open();
  await store.put('manifest.json', MANIFEST);
  await store.put('data.ndjson', FILES['data.ndjson']);
  writeFileSync(join(layout.stagedTransfer(KEY), 'receipt.bin'), 'half a rec');
  expect((await store.complete(KEY, HASH)).ok).toBe(true);
});

test('a second start clears what was on its way in and keeps what had arrived', async () => {
  const store = open();
  await store.put('manifest.json', MANIFEST);
  writeFileSync(join(layout.parts, '7'), 'half');
  expect(await prepareLayout(layout, ['a'])).toBe(0);
  expect(readdirSync(layout.parts)).toEqual([]);
  expect(existsSync(layout.stagedFile(KEY, 'manifest.json' as FileName))).toBe(true);
});

test('another manifest under an id that is being completed is told to wait', async () => {
  const store = open();
  await store.put('manifest.json', MANIFEST);
  await store.put('data.ndjson', FILES['data.ndjson']);
  const first = store.complete(KEY, HASH);
  expect(await store.complete(KEY, Buffer.alloc(32))).toMatchObject({ ok: false, fault: { code: 'TRANSFER_BUSY' } });
  expect((await first).ok).toBe(true);
});

test('a body that is shorter than announced is not kept', async () => {
  const store = open();
  const short = { key: KEY, name: 'data.ndjson' as FileName, bytes: 11, body: Readable.from([FILES['data.ndjson']]) };
  expect(await store.take(short)).toMatchObject({ ok: false, fault: { code: 'FILE_BROKEN_OFF' } });
  expect(existsSync(layout.stagedTransfer(KEY))).toBe(false);
});
