import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ReceiverStatus } from '../../cloud/exporter/receiver/main.ts';
import { WRITE_BYTES } from '../../cloud/exporter/receiver/write-body.ts';
import { digestField } from '../../cloud/exporter/repr-digest.ts';
import { type Border, createBorder, putParcel, sha256Hex } from './support/border.ts';
import { writeExporterConfig, writeReceiverConfig } from './support/configs.ts';
import { startCuttingProxy } from './support/cutting-proxy.ts';
import { type Call, call, openCall } from './support/https-call.ts';
import { type Running, readTraffic, returned, startExporter, startReceiver, until } from './support/running.ts';

const FILE = Buffer.alloc(1_000_000, 'some content, ');
/** As much as the receiver writes at a time, so that it is on its disk. */
const CAME = WRITE_BYTES;
const PATH = '/v1/transfers/t-parts/files/data.bin';
const DIGEST = { 'repr-digest': digestField(sha256Hex(FILE)) };

let border: Border;
let receiver: Running<ReceiverStatus> & { readonly port: number };
beforeAll(async () => {
  border = await createBorder();
  receiver = await startReceiver(writeReceiverConfig(border));
});
afterAll(async () => {
  await receiver.stop();
  border.remove();
});

const put = (headers: Readonly<Record<string, string>>, length: number): Call => ({
  method: 'PUT',
  path: PATH,
  headers: { 'content-type': 'application/octet-stream', 'content-length': String(length), ...headers },
});

async function held(headers: Readonly<Record<string, string>> = DIGEST): Promise<string> {
  const head = openCall(border, receiver.port, { method: 'HEAD', path: PATH, headers });
  const answered = once(head, 'response');
  head.end();
  const [response] = await answered;
  return `${response.statusCode} ${response.headers['upload-offset']}`;
}

test('what has come of a file is counted, outlives a restart and is gone on with', async () => {
  expect(await held()).toBe('204 0');
  const broken = openCall(border, receiver.port, put(DIGEST, FILE.length));
  broken.on('error', () => undefined);
  broken.write(FILE.subarray(0, CAME));
  await until(() => readParts() === CAME);
  broken.destroy();
  expect(await held()).toBe(`204 ${CAME}`);

  await receiver.stop();
  receiver = await startReceiver(writeReceiverConfig(border));
  expect(await held(), 'after a restart').toBe(`204 ${CAME}`);
  expect(await held({ 'repr-digest': digestField('0'.repeat(64)) }), 'of another file').toBe('204 0');

  const gap = { ...DIGEST, 'content-range': `bytes ${CAME + 1}-999999/1000000` };
  expect(
    await call(border, receiver.port, { ...put(gap, FILE.length - CAME - 1), body: FILE.subarray(CAME + 1) }),
  ).toMatchObject({
    status: 409,
    code: 'FILE_OFFSET',
  });
  const rest = { ...DIGEST, 'content-range': `bytes ${CAME}-999999/1000000` };
  expect(
    (await call(border, receiver.port, { ...put(rest, FILE.length - CAME), body: FILE.subarray(CAME) })).status,
  ).toBe(204);
  expect(await held()).toBe(`204 ${FILE.length}`);
  expect(sha256Hex(readFileSync(join(border.root, 'receiver/staging/exporter/t-parts/data.bin')))).toBe(
    sha256Hex(FILE),
  );
});

function readParts(): number {
  const part = `${sha256Hex(FILE)}-data.bin`;
  try {
    return readFileSync(join(border.root, 'receiver/parts/kept/exporter/t-parts', part)).length;
  } catch {
    return 0;
  }
}

const RANGES = ['bytes 0-9/20', 'bytes 5-3/4', 'bytes 10-19/*', 'items 10-19/20', 'bytes 10-19/20, 30-39/40'];

test.each(RANGES)('a range of `%s` that does not go to the end, or is none, is refused', async (range) => {
  const answer = await call(border, receiver.port, {
    ...put({ ...DIGEST, 'content-range': range }, 10),
    body: Buffer.alloc(10),
  });
  expect(answer).toMatchObject({ status: 400, code: 'REQUEST_INVALID' });
});

test('an exporter whose line breaks twice sends each byte about once, and logs an attempt for each line', async () => {
  const content = Buffer.alloc(6_000_000, 'abcdefg');
  const proxy = await startCuttingProxy(receiver.port, [2_000_000, 2_000_000]);
  const exporter = startExporter(writeExporterConfig(border, proxy.endpoint));
  putParcel(border, { id: 't-cut', endpoint: proxy.endpoint, files: { 'big.bin': content } });
  expect(await returned(border, 't-cut')).toMatchObject({ outcome: 'delivered', attempts: 3 });
  expect(await exporter.stop()).toBe(0);
  proxy.close();
  expect(sha256Hex(readFileSync(join(border.root, 'receiver/received/t-cut/big.bin')))).toBe(sha256Hex(content));

  const entries = readTraffic(border).filter(({ transferId }) => transferId === 't-cut');
  expect(entries.filter(({ kind }) => kind === 'attempt')).toHaveLength(3);
  const sent = entries.filter(({ kind }) => kind === 'connection').map(({ document }) => Number(document['bytesSent']));
  expect(sent).toHaveLength(3);
  // Each line but the last loses what was still in buffers when it broke; nothing is sent anew from the beginning.
  expect(sent.at(-1), 'over the last line').toBeLessThan(4_500_000);
});
