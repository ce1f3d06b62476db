import { createHash, createPublicKey, verify, X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { decodeReceipt, decodeSignedEnvelope } from '../../proto/codec/transfer-codec.ts';
import { type Border, createBorder, putParcel, RECIPIENT_ID, sha256Hex } from './support/border.ts';
import { writeExporterConfig, writeReceiverConfig } from './support/configs.ts';
import { readTraffic, returned, startExporter, startReceiver, until } from './support/running.ts';

let border: Border;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let endpoint: string;

beforeEach(async () => {
  border = await createBorder();
  receiver = await startReceiver(writeReceiverConfig(border));
  endpoint = `https://127.0.0.1:${receiver.port}`;
});
afterEach(async () => {
  await receiver.stop();
  border.remove();
});

const FILES = {
  'a.ndjson': Buffer.from('{"row":1}\n'),
  'b.parquet': Buffer.alloc(700_000, 'battery'),
  'empty.txt': Buffer.alloc(0),
};

const receivedFile = (id: string, name: string) => readFileSync(join(border.root, 'receiver/received', id, name));

test('a cleared parcel arrives whole and its receipt comes back', async () => {
  const exporter = startExporter(writeExporterConfig(border, endpoint));
  const permit = putParcel(border, { id: 't-1', endpoint, files: FILES });
  const file = await returned(border, 't-1');
  expect(await exporter.stop()).toBe(0);

  expect(file).toMatchObject({ transferId: 't-1', outcome: 'delivered', attempts: 1 });
  for (const [name, bytes] of Object.entries(FILES)) expect(receivedFile('t-1', name).equals(bytes)).toBe(true);
  expect(readdirSync(join(border.root, 'receiver/received/t-1')).sort()).toEqual(
    ['manifest.json', 'receipt.bin', ...Object.keys(FILES)].sort(),
  );
  const receipt = Buffer.from(file.receipt ?? '', 'base64');
  expect(receivedFile('t-1', 'receipt.bin').equals(receipt)).toBe(true);
  expect(existsSync(join(border.outbox, 't-1', 'permit.bin'))).toBe(true);
  expect(exporter.statuses.at(-1)).toMatchObject({ role: 'exporter', delivered: 1, refused: 0, failed: 0 });
  expect(receiver.statuses.at(-1)).toMatchObject({ role: 'receiver', received: 1 });

  // What anybody can check who has the recipient's certificate.
  const envelope = decodeSignedEnvelope(receipt);
  const body = envelope.ok ? decodeReceipt(envelope.value.body) : envelope;
  if (!envelope.ok || !body.ok) throw new Error('a receipt');
  const key = createPublicKey(border.recipient.certificate);
  const covered = Buffer.concat([Buffer.from('tongguan.v1.receipt\0'), envelope.value.body]);
  expect(verify('sha256', covered, { key, dsaEncoding: 'ieee-p1363' }, envelope.value.signature)).toBe(true);
  expect(body.value).toMatchObject({ transferId: 't-1', recipientId: RECIPIENT_ID });
  expect(Buffer.from(body.value.manifestSha256).equals(permit.manifestSha256)).toBe(true);
  const manifest = receivedFile('t-1', 'manifest.json');
  expect(body.value.bytesReceived).toBe(manifest.length + 700_000 + 10);
});

test('the traffic log has the intent before the connection, and the nine fields of the connection after it', async () => {
  const exporter = startExporter(writeExporterConfig(border, endpoint));
  putParcel(border, { id: 't-1', endpoint, files: FILES });
  const file = await returned(border, 't-1');
  await exporter.stop();

  const entries = readTraffic(border);
  expect(entries.map(({ kind }) => kind)).toEqual(['intent', 'attempt', 'connection-open', 'connection', 'delivered']);
  expect(entries.every(({ transferId }) => transferId === 't-1')).toBe(true);
  expect(file.trafficLeafIndex).toBe(4);
  const [intent, , , connection, delivered] = entries;
  expect(intent?.document).toMatchObject({
    endpoint,
    recipientId: RECIPIENT_ID,
    recipientCertificateSha256: border.recipient.sha256,
    permitSha256: sha256Hex(readFileSync(join(border.outbox, 't-1', 'permit.bin'))),
    files: 4,
  });
  const nine = connection?.document ?? {};
  expect(nine).toMatchObject({
    date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    time: expect.stringMatching(/^\d\d:\d\d:\d\d\.\d{3}\+08:00$/),
    sourceIp: '127.0.0.1',
    destinationIp: '127.0.0.1',
    sourcePort: expect.any(Number),
    destinationPort: receiver.port,
    transportProtocol: 'TCP',
    applicationProtocol: 'HTTP/1.1 over TLS 1.3',
    transferId: 't-1',
    ended: 'receipt',
  });
  // More than the parcel, for TLS and HTTP are on top; and not much more.
  expect(nine['bytesSent']).toBeGreaterThan(700_010);
  expect(nine['bytesSent']).toBeLessThan(720_000);
  expect(nine['dataVolumeBytes']).toBe(Number(nine['bytesSent']) + Number(nine['bytesReceived']));
  const certificate = new X509Certificate(Buffer.from(String(delivered?.document['recipientCertificate']), 'base64'));
  expect(createHash('sha256').update(certificate.raw).digest('hex')).toBe(border.recipient.sha256);
  expect(delivered?.document['receipt']).toBe(file.receipt);
});

test('a transfer that was delivered is never sent again, not even after a restart or back in the outbox', async () => {
  const path = writeExporterConfig(border, endpoint);
  const first = startExporter(path);
  putParcel(border, { id: 't-1', endpoint });
  const file = await returned(border, 't-1');
  await first.stop();
  const size = readTraffic(border).length;
  rmSync(join(border.outbox, 't-1'), { recursive: true });
  rmSync(join(border.returns, 't-1.json'));

  const second = startExporter(path);
  putParcel(border, { id: 't-1', endpoint });
  // The outcome is handed back once more, from the log, to the byte.
  expect(await returned(border, 't-1')).toEqual(file);
  // By the time one that came later has arrived, the one before it would have been sent.
  putParcel(border, { id: 't-2', endpoint });
  expect(await returned(border, 't-2')).toMatchObject({ outcome: 'delivered' });
  await second.stop();
  expect(
    readTraffic(border)
      .slice(size)
      .filter(({ transferId }) => transferId === 't-1'),
  ).toEqual([]);
  expect(receiver.statuses.at(-1)?.received).toBe(2);
});

test('many parcels at once arrive each for itself', async () => {
  const exporter = startExporter(writeExporterConfig(border, endpoint));
  const ids = Array.from({ length: 12 }, (_, at) => `t-${at}`);
  for (const id of ids) putParcel(border, { id, endpoint, files: { 'data.ndjson': Buffer.from(`{"of":"${id}"}\n`) } });
  for (const id of ids) expect(await returned(border, id)).toMatchObject({ outcome: 'delivered' });
  await exporter.stop();
  for (const id of ids) expect(receivedFile(id, 'data.ndjson').toString()).toBe(`{"of":"${id}"}\n`);
  expect(readTraffic(border).filter(({ kind }) => kind === 'delivered')).toHaveLength(12);
});

test('nothing is sent while a file STOP lies in the outbox, and what waited goes when it is lifted', async () => {
  const stop = join(border.outbox, 'STOP');
  writeFileSync(stop, '');
  const exporter = startExporter(writeExporterConfig(border, endpoint));
  putParcel(border, { id: 't-1', endpoint });
  await sleep(400);
  expect(exporter.statuses.at(-1)?.log.size).toBe(0);
  expect(existsSync(join(border.root, 'receiver/staging/exporter/t-1'))).toBe(false);
  rmSync(stop);
  expect(await returned(border, 't-1')).toMatchObject({ outcome: 'delivered', attempts: 1 });
  await exporter.stop();
});

test('a STOP cuts what is being sent, and the transfer goes on under the same intent afterwards', async () => {
  const retry = { attemptsPerRound: 1, pauseMs: 10, pauseMsMax: 10, roundPauseMs: 60_000 };
  const exporter = startExporter(writeExporterConfig(border, endpoint, { pollMs: 20, retry }));
  const staged = join(border.root, 'receiver/staging/exporter/t-1/a.ndjson');
  putParcel(border, {
    id: 't-1',
    endpoint,
    files: { 'a.ndjson': Buffer.from('1'), 'b.bin': Buffer.alloc(30_000_000) },
  });
  await until(() => existsSync(staged));
  writeFileSync(join(border.outbox, 'STOP'), '');
  await until(() => exporter.lines.some((line) => line.includes('EMERGENCY_STOP')));
  expect(existsSync(join(border.root, 'receiver/received/t-1'))).toBe(false);
  rmSync(join(border.outbox, 'STOP'));
  expect(await returned(border, 't-1')).toMatchObject({ outcome: 'delivered', attempts: 2 });
  await exporter.stop();
  const entries = readTraffic(border);
  expect(entries.filter(({ kind }) => kind === 'intent')).toHaveLength(1);
  expect(entries.find(({ kind }) => kind === 'connection')?.document).toMatchObject({ ended: 'EMERGENCY_STOP' });
  // The recipient has failed at nothing, so no round was used up.
  expect(entries.some(({ kind }) => kind === 'failed')).toBe(false);
});

test('a permit that expires on the way ends the transfer, and the return says that something may have left', async () => {
  let shift = 0;
  const exporter = startExporter(writeExporterConfig(border, endpoint), { now: () => (Date.now() + shift) as never });
  const staged = join(border.root, 'receiver/staging/exporter/t-1/a.ndjson');
  putParcel(border, {
    id: 't-1',
    endpoint,
    files: { 'a.ndjson': Buffer.from('1'), 'b.bin': Buffer.alloc(30_000_000) },
  });
  await until(() => existsSync(staged));
  shift = 3_600_000;
  expect(await returned(border, 't-1')).toMatchObject({
    outcome: 'refused',
    attempts: 1,
    fault: { code: 'PERMIT_EXPIRED' },
  });
  await exporter.stop();
  expect(existsSync(join(border.root, 'receiver/received/t-1'))).toBe(false);
  // It was cut within the file and not after it.
  expect(existsSync(join(border.root, 'receiver/staging/exporter/t-1/b.bin'))).toBe(false);
});

test('a permit that is withdrawn while it is being sent ends the transfer, and what may have left is told', async () => {
  const exporter = startExporter(writeExporterConfig(border, endpoint, { pollMs: 20 }));
  const staged = join(border.root, 'receiver/staging/exporter/t-1/a.ndjson');
  putParcel(border, {
    id: 't-1',
    endpoint,
    files: { 'a.ndjson': Buffer.from('1'), 'b.bin': Buffer.alloc(30_000_000) },
  });
  await until(() => existsSync(staged));
  writeFileSync(join(border.outbox, 't-1.revoked'), '');
  expect(await returned(border, 't-1')).toMatchObject({
    outcome: 'refused',
    attempts: 1,
    fault: { code: 'PERMIT_REVOKED' },
  });
  await exporter.stop();
  expect(existsSync(join(border.root, 'receiver/received/t-1'))).toBe(false);
  expect(existsSync(join(border.root, 'receiver/staging/exporter/t-1/b.bin'))).toBe(false);
});

test('an unreachable recipient: a round of attempts, `failed` with its fault, and delivery once there is somebody', async () => {
  const { port } = receiver;
  await receiver.stop();
  const retry = { attemptsPerRound: 3, pauseMs: 20, pauseMsMax: 100, roundPauseMs: 1_500 };
  const exporter = startExporter(writeExporterConfig(border, endpoint, { retry }));
  putParcel(border, { id: 't-1', endpoint });
  expect(await returned(border, 't-1', ['failed'])).toMatchObject({
    outcome: 'failed',
    attempts: 3,
    fault: { code: 'RECIPIENT_UNREACHABLE', retry: 'later' },
  });
  await until(() => exporter.statuses.at(-1)?.failed === 1);
  receiver = await startReceiver(writeReceiverConfig(border, { port }));
  expect(await returned(border, 't-1')).toMatchObject({ outcome: 'delivered' });
  await exporter.stop();
  expect(exporter.statuses.at(-1)).toMatchObject({ failed: 0, delivered: 1 });
  const kinds = readTraffic(border).map(({ kind }) => kind);
  expect(kinds.slice(0, 5)).toEqual(['intent', 'attempt', 'attempt', 'attempt', 'failed']);
  expect(kinds.filter((kind) => kind === 'intent')).toHaveLength(1);
});
