import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { digestField } from '../../cloud/exporter/repr-digest.ts';
import { canonicalJson } from '../../proto/words/canonical-json.ts';
import { createAuthority } from '../support/cloud/certificates.ts';
import { type Border, createBorder, manifestOf, sha256Hex } from './support/border.ts';
import { writeReceiverConfig } from './support/configs.ts';
import { type Answer, type Call, call, completeOf, openCall, putOf, refusal } from './support/https-call.ts';
import { startReceiver, until } from './support/running.ts';

let border: Border;
let receiver: Awaited<ReturnType<typeof startReceiver>>;

beforeEach(async () => {
  border = await createBorder();
  const limits = { filesMax: 2, parcelBytesMax: 10_000, stagedTransfersMax: 2 };
  receiver = await startReceiver(writeReceiverConfig(border, { config: { limits } }));
});
afterEach(async () => {
  await receiver.stop();
  border.remove();
});

const ask = (spec: Call): Promise<Answer> => call(border, receiver.port, spec);
const received = () => readdirSync(join(border.root, 'receiver/received'));
const staged = (id: string) => join(border.root, 'receiver/staging/exporter', id);

const FILES = { 'data.ndjson': Buffer.from('{"row":1}\n') };
const manifestFor = (id: string, files: Record<string, Uint8Array> = FILES) => canonicalJson(manifestOf(id, files));

async function deliver(id: string): Promise<Answer> {
  const manifest = manifestFor(id);
  await ask(putOf(id, 'manifest.json', manifest));
  await ask(putOf(id, 'data.ndjson', FILES['data.ndjson']));
  return ask(completeOf(id, sha256Hex(Buffer.from(manifest))));
}

test('a client without a certificate, with an expired one or one of another authority is not answered', async () => {
  const foreign = await createAuthority('throw-away test authority');
  const strangers = [
    'none',
    await border.authority.issue('exporter', 'client', -2),
    await foreign.issue('exporter', 'client'),
  ] as const;
  for (const identity of strangers) {
    expect(await refusal(ask({ ...putOf('t-1', 'data.ndjson', 'x'), identity }))).toMatch(/ECONNRESET|EPIPE|ERR_SSL/);
  }
  expect(existsSync(staged('t-1'))).toBe(false);
});

test('a valid certificate of the same authority that is not in the list is told so and nothing is taken', async () => {
  const identity = await border.authority.issue('exporter', 'client');
  expect(await ask({ ...putOf('t-1', 'data.ndjson', 'x'), identity })).toMatchObject({
    status: 403,
    code: 'EXPORTER_UNKNOWN',
  });
  expect(await ask({ ...completeOf('t-1', '0'.repeat(64)), identity })).toMatchObject({ status: 403 });
  expect(existsSync(staged('t-1'))).toBe(false);
});

test('TLS 1.2 is not spoken', async () => {
  const answer = refusal(ask({ ...putOf('t-1', 'data.ndjson', 'x'), tls: { maxVersion: 'TLSv1.2' } }));
  expect(await answer).toMatch(/EPROTO|ERR_SSL|ECONNRESET/);
});

test('complete gives a receipt, and the same bytes when asked again, also after a restart', async () => {
  const first = await deliver('t-1');
  expect(first).toMatchObject({ status: 200, type: 'application/octet-stream' });
  const hash = sha256Hex(Buffer.from(manifestFor('t-1')));
  const second = await ask(completeOf('t-1', hash));
  expect(second.body.equals(first.body)).toBe(true);
  await receiver.stop();
  receiver = await startReceiver(writeReceiverConfig(border));
  const third = await ask(completeOf('t-1', hash));
  expect(third.body.equals(first.body)).toBe(true);
  expect(received()).toEqual(['t-1']);
  expect(receiver.statuses.at(-1)?.received).toBe(1);
});

test('two that ask at the same time get the same receipt', async () => {
  const manifest = manifestFor('t-1');
  await ask(putOf('t-1', 'manifest.json', manifest));
  await ask(putOf('t-1', 'data.ndjson', FILES['data.ndjson']));
  const asked = completeOf('t-1', sha256Hex(Buffer.from(manifest)));
  const [one, two] = await Promise.all([ask(asked), ask(asked)]);
  expect(one.status).toBe(200);
  expect(one.body.equals(two.body)).toBe(true);
});

test('a parcel received before is neither replaced nor added to', async () => {
  await deliver('t-1');
  expect(await ask(putOf('t-1', 'data.ndjson', 'other'))).toMatchObject({
    status: 409,
    code: 'TRANSFER_ALREADY_RECEIVED',
  });
  expect(await ask(completeOf('t-1', '0'.repeat(64)))).toMatchObject({ status: 409, code: 'TRANSFER_OTHER_PARCEL' });
});

const named = (content: string) => ({ 'repr-digest': digestField(sha256Hex(Buffer.from(content))) });

test('content that has not the hash it came under is refused as it arrives, and no file of the parcel', async () => {
  const spec = putOf('t-1', 'data.ndjson', '{"row":2}\n');
  const answer = await ask({ ...spec, headers: { ...spec.headers, ...named('{"row":1}\n') } });
  expect(answer).toMatchObject({ status: 422, code: 'PARCEL_FILE_HASH' });
  expect(existsSync(join(staged('t-1'), 'data.ndjson'))).toBe(false);
});

test('a file that was hashed as it arrived and then replaced is hashed again before a receipt', async () => {
  const manifest = manifestFor('t-1');
  await ask(putOf('t-1', 'manifest.json', manifest));
  const spec = putOf('t-1', 'data.ndjson', '{"row":1}\n');
  expect(await ask({ ...spec, headers: { ...spec.headers, ...named('{"row":1}\n') } })).toMatchObject({ status: 204 });
  expect(await ask(putOf('t-1', 'data.ndjson', '{"row":2}\n'))).toMatchObject({ status: 204 });
  const answer = await ask(completeOf('t-1', sha256Hex(Buffer.from(manifest))));
  expect(answer).toMatchObject({ status: 422, code: 'PARCEL_FILE_HASH' });
});

test('a file that is not what the manifest says: a fault, and nothing is kept', async () => {
  const manifest = manifestFor('t-1');
  await ask(putOf('t-1', 'manifest.json', manifest));
  await ask(putOf('t-1', 'data.ndjson', '{"row":2}\n'));
  const answer = await ask(completeOf('t-1', sha256Hex(Buffer.from(manifest))));
  expect(answer).toMatchObject({ status: 422, code: 'PARCEL_FILE_HASH' });
  expect(JSON.parse(answer.body.toString())).toMatchObject({
    remedy: { en: expect.any(String), zh: expect.any(String) },
  });
  expect(received()).toEqual([]);
  expect(existsSync(staged('t-1'))).toBe(false);
});

test('another manifest than the sender names, and a file too many, are faults too', async () => {
  await ask(putOf('t-1', 'manifest.json', manifestFor('t-1')));
  await ask(putOf('t-1', 'data.ndjson', FILES['data.ndjson']));
  expect(await ask(completeOf('t-1', '0'.repeat(64)))).toMatchObject({ status: 422, code: 'MANIFEST_HASH' });
  const manifest = manifestFor('t-2');
  await ask(putOf('t-2', 'manifest.json', manifest));
  await ask(putOf('t-2', 'data.ndjson', FILES['data.ndjson']));
  await ask(putOf('t-2', 'more.ndjson', 'x'));
  const answer = await ask(completeOf('t-2', sha256Hex(Buffer.from(manifest))));
  expect(answer).toMatchObject({ status: 422, code: 'PARCEL_EXTRA_FILE' });
  expect(received()).toEqual([]);
});

test('what has not all arrived is incomplete, and stays to be completed', async () => {
  const manifest = manifestFor('t-1');
  const asked = completeOf('t-1', sha256Hex(Buffer.from(manifest)));
  expect(await ask(asked)).toMatchObject({ status: 409, code: 'PARCEL_INCOMPLETE' });
  await ask(putOf('t-1', 'manifest.json', manifest));
  expect(await ask(asked)).toMatchObject({ status: 409, code: 'PARCEL_INCOMPLETE' });
  await ask(putOf('t-1', 'data.ndjson', FILES['data.ndjson']));
  expect(await ask(asked)).toMatchObject({ status: 200 });
});

test('limits are kept by the announced length, before the body is read', async () => {
  const huge = {
    ...putOf('t-1', 'data.ndjson', ''),
    headers: { 'content-type': 'application/octet-stream', 'content-length': '10001' },
  };
  const made = openCall(border, receiver.port, huge);
  const answered = new Promise<number | undefined>((resolve) =>
    made.once('response', ({ statusCode }) => resolve(statusCode)),
  );
  made.on('error', () => undefined);
  // Ten thousand bytes are announced and none is sent: the answer does not wait for them.
  made.flushHeaders();
  expect(await answered).toBe(413);
  made.destroy();
  expect(existsSync(staged('t-1'))).toBe(false);

  await ask(putOf('t-1', 'a', Buffer.alloc(9_000)));
  expect(await ask(putOf('t-1', 'b', Buffer.alloc(1_001)))).toMatchObject({ status: 413, code: 'PARCEL_TOO_LARGE' });
  expect(await ask(putOf('t-1', 'a', Buffer.alloc(10_000)))).toMatchObject({ status: 204 });
});

test('no more files and no more transfers than allowed', async () => {
  for (const name of ['a', 'b', 'c']) expect(await ask(putOf('t-1', name, 'x'))).toMatchObject({ status: 204 });
  expect(await ask(putOf('t-1', 'd', 'x'))).toMatchObject({ status: 413, code: 'PARCEL_TOO_MANY_FILES' });
  expect(await ask(putOf('t-2', 'a', 'x'))).toMatchObject({ status: 204 });
  expect(await ask(putOf('t-3', 'a', 'x'))).toMatchObject({ status: 503, code: 'STAGING_FULL' });
});

const BAD_REQUESTS: readonly (Call & { readonly why: string; readonly expected: number })[] = [
  { why: 'a name that climbs out', ...putOf('t-1', '..%2Fx', 'x'), expected: 400 },
  { why: 'a hidden name', ...putOf('t-1', '.x', 'x'), expected: 400 },
  { why: 'the name of the receipt', ...putOf('t-1', 'receipt.bin', 'x'), expected: 400 },
  { why: 'a transfer that climbs out', ...putOf('..%2F..%2Fx', 'a', 'x'), expected: 400 },
  {
    why: 'no length',
    ...putOf('t-1', 'a', 'x'),
    headers: { 'content-type': 'application/octet-stream', 'transfer-encoding': 'chunked' },
    expected: 411,
  },
  { why: 'no content type', ...putOf('t-1', 'a', 'x'), headers: { 'content-length': '1' }, expected: 400 },
  {
    why: 'JSON that is none',
    ...completeOf('t-1', ''),
    body: '{',
    headers: { 'content-type': 'application/json', 'content-length': '1' },
    expected: 400,
  },
  { why: 'a hash that is none', ...completeOf('t-1', 'abc'), expected: 400 },
  { why: 'reading a received file', method: 'GET', path: '/v1/transfers/t-0/files/data.ndjson', expected: 400 },
  { why: 'reading the list of transfers', method: 'GET', path: '/v1/transfers', expected: 400 },
];

test.each(BAD_REQUESTS)('$why is refused', async ({ why: _, expected, ...spec }) => {
  await deliver('t-0');
  const answer = await ask(spec);
  expect(answer.status).toBe(expected);
  expect(answer.type).toMatch(/^application\/problem\+json/);
  expect(answer.body.includes(FILES['data.ndjson'])).toBe(false);
  expect(readdirSync(join(border.root, 'receiver')).sort()).toEqual(['parts', 'received', 'staging']);
});

test('a file that breaks off leaves nothing', async () => {
  const headers = { 'content-type': 'application/octet-stream', 'content-length': '100' };
  const made = openCall(border, receiver.port, { ...putOf('t-1', 'a', ''), headers });
  made.on('error', () => undefined);
  made.write('only this');
  const parts = () => readdirSync(join(border.root, 'receiver/parts/new'));
  await until(() => parts().length === 1);
  made.destroy();
  await until(() => parts().length === 0);
  expect(existsSync(staged('t-1'))).toBe(false);
});

test('a port in use, a bad key and an unknown key of the configuration are told with their remedy', async () => {
  const { runReceiver } = await import('../../cloud/exporter/receiver/main.ts');
  const lines: string[] = [];
  const io = { clock: { now: () => 0 as never }, err: (line: string) => lines.push(line), status: () => undefined };
  const run = (path: string) => runReceiver(path, { ...io, stop: new AbortController().signal });

  const holder = createServer().listen(0, '127.0.0.1');
  await until(() => holder.listening);
  const { port } = holder.address() as { port: number };
  expect(await run(writeReceiverConfig(border, { port }))).toBe(1);
  holder.close();
  expect(lines.join('\n')).toMatch(/EADDRINUSE.*\[LISTEN_REFUSED\]\nreceiver: hint: /);

  const path = writeReceiverConfig(border, { config: { serveFiles: true } });
  expect(await run(path)).toBe(2);
  expect(lines.at(-1)).toMatch(/Unrecognized key: "serveFiles" \[CONFIG_INVALID\]/);

  writeReceiverConfig(border);
  writeFileSync(join(border.root, 'keys/recipient.key'), border.exporter.key);
  expect(await run(path)).toBe(2);
  expect(lines.at(-1)).toMatch(/not the key of tls.certificateFile.*\[KEY_UNSUITABLE\]/);
});
