import { spawn } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { attemptTransfer } from '../../cloud/exporter/attempt.ts';
import { createCut } from '../../cloud/exporter/cut.ts';
import type { TransferId } from '../../cloud/exporter/names.ts';
import { followTraffic } from '../../cloud/exporter/traffic.ts';
import { type OpenLog, openLog } from '../../cloud/log/open-log.ts';
import { bilingual } from '../../proto/words/fault.ts';
import { fail } from '../../proto/words/result.ts';
import { type Border, createBorder, LOG_ORIGIN, putParcel, RECIPIENT_ID, SYSTEM_CLOCK } from './support/border.ts';
import { openTestCapture } from './support/captures.ts';
import { compiled } from './support/compiled.ts';
import { writeExporterConfig, writeReceiverConfig } from './support/configs.ts';
import { startImpostor } from './support/impostor.ts';
import { restrictions } from './support/processes.ts';
import { readTraffic, returned, startExporter, startReceiver, until, verifyTraffic } from './support/running.ts';
import { startSpyServer } from './support/spy-server.ts';

let border: Border;
beforeEach(async () => {
  border = await createBorder();
});
afterEach(() => border.remove());

test('an exporter whose log is not there does not start', async () => {
  const spy = await startSpyServer();
  const path = writeExporterConfig(border, spy.endpoint);
  renameSync(border.logDirectory, `${border.logDirectory}.gone`);
  putParcel(border, { id: 't-1', endpoint: spy.endpoint });
  const exporter = startExporter(path);
  expect(await exporter.exit).toBe(1);
  expect(exporter.lines.join()).toContain('[LOG_MISSING]');
  expect(existsSync(border.logDirectory)).toBe(false);
  expect(spy.connections()).toBe(0);
  spy.close();
});

test('a log that cannot be written any more: nobody is connected to, and the exporter ends', async () => {
  const spy = await startSpyServer();
  const exporter = startExporter(writeExporterConfig(border, spy.endpoint));
  await until(() => exporter.statuses.length > 0);
  renameSync(border.logDirectory, `${border.logDirectory}.gone`);
  putParcel(border, { id: 't-1', endpoint: spy.endpoint });
  expect(await exporter.exit).toBe(1);
  // It says so once and tries nothing else first.
  expect(exporter.lines).toEqual([expect.stringMatching(/\[TRAFFIC_LOG\]\nexporter: hint: /)]);
  expect(spy.connections()).toBe(0);
  spy.close();
});

/** The real log until its disk is full: from the `good`-th append on every one fails. */
function fullAfter(log: OpenLog, good: number): OpenLog {
  let appends = 0;
  const fault = {
    code: 'LOG_UNAVAILABLE',
    problem: bilingual('no space left', '空间不足'),
    remedy: bilingual('free space', '释放空间'),
    retry: 'after-remedy',
  } as const;
  return {
    ...log,
    append: (entries) => {
      appends += 1;
      return appends > good ? fail(fault) : log.append(entries);
    },
  };
}

const STEPS = [
  { step: 'the intent', good: 0, handshakes: 0 },
  { step: 'the opening of the connection', good: 1, handshakes: 0 },
  { step: 'its end', good: 2, handshakes: 1 },
];

test.each(STEPS)('a disk that is full for $step stops the transfer there', async ({ good, handshakes }) => {
  const answer = 'HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n';
  const server = await startImpostor(border.recipient, {}, answer);
  putParcel(border, { id: 't-1', endpoint: server.endpoint });
  const options = {
    directory: border.logDirectory,
    origin: LOG_ORIGIN,
    signingKey: border.logKey,
    clock: SYSTEM_CLOCK,
  };
  const log = openLog(options);
  const traffic = followTraffic(fullAfter(log.ok ? log.value : expect.fail('a log'), good));
  const recipient = {
    id: RECIPIENT_ID,
    endpoint: server.endpoint,
    certificateSha256: border.recipient.sha256,
    sealedTo: 'none',
    delivery: 'push' as const,
    authority: Buffer.from(border.authority.certificate),
  };
  const end = await attemptTransfer('t-1' as TransferId, createCut(), {
    traffic: traffic.ok ? traffic.value : expect.fail('traffic'),
    capture: openTestCapture(border),
    clock: SYSTEM_CLOCK,
    outbox: border.outbox,
    permitKey: createPublicKey(border.permitKey),
    permitKeyFault: undefined,
    recipients: new Map([[RECIPIENT_ID, recipient]]),
    limits: { filesMax: 10, parcelBytesMax: 1_000_000 },
    patience: { connectMs: 10_000, answerMs: 10_000, pieceMs: 10_000 },
    identity: { certificate: Buffer.from(border.exporter.certificate), key: Buffer.from(border.exporter.key) },
  });
  expect(end).toMatchObject({ ok: false, fault: { code: 'TRAFFIC_LOG' } });
  expect(server.handshakes()).toBe(handshakes);
  if (handshakes === 0) expect(server.heard()).toHaveLength(0);
  if (log.ok) log.value.close();
  server.close();
});

test('a receipt that could not be logged is fetched again, and the parcel is not sent twice', async () => {
  const receiver = await startReceiver(writeReceiverConfig(border));
  const endpoint = `https://127.0.0.1:${receiver.port}`;
  const path = writeExporterConfig(border, endpoint);
  putParcel(border, { id: 't-1', endpoint, files: { 'data.bin': Buffer.alloc(8_000_000) } });
  // Taking the log away once the parcel is there: what is left to do then is to log the delivery.
  const first = startExporter(path);
  const gone = `${border.logDirectory}.gone`;
  await until(() => existsSync(join(border.root, 'receiver/staging/exporter/t-1/manifest.json')));
  renameSync(border.logDirectory, gone);
  expect(await first.exit).toBe(1);
  expect(readdirSync(join(border.root, 'receiver/received'))).toEqual(['t-1']);
  expect(existsSync(join(border.returns, 't-1.json'))).toBe(false);
  renameSync(gone, border.logDirectory);

  const second = startExporter(path);
  const file = await returned(border, 't-1');
  await second.stop();
  await receiver.stop();
  expect(file).toMatchObject({ outcome: 'delivered', attempts: 2 });
  const kept = readFileSync(join(border.root, 'receiver/received/t-1/receipt.bin'));
  expect(Buffer.from(file.receipt ?? '', 'base64').equals(kept)).toBe(true);
  const connections = readTraffic(border).filter(({ kind }) => kind === 'connection');
  expect(connections.map(({ document }) => document['ended'])).toEqual(['PROCESS_KILLED', 'receipt']);
  // The second connection carried a question and a receipt, not the parcel.
  expect(Number(connections[1]?.document['bytesSent'])).toBeLessThan(10_000);
});

test('a real process on a full disk: what arrived is in the log, and the rest stayed at home', {
  timeout: 60_000,
}, async () => {
  const program = compiled();
  const receiver = await startReceiver(writeReceiverConfig(border));
  const endpoint = `https://127.0.0.1:${receiver.port}`;
  const path = writeExporterConfig(border, endpoint, { limits: { transfersAtOnceMax: 1 } });
  const ids = Array.from({ length: 12 }, (_, at) => `t-${at}`);
  for (const id of ids) putParcel(border, { id, endpoint });
  // No file may grow beyond 16 blocks of 512 bytes: the traffic log has room for a few transfers and no more.
  const command = [process.execPath, ...restrictions(program, path), program.exporter, '--config', path];
  const limited = spawn('sh', ['-c', 'trap "" XFSZ; ulimit -f 16; exec "$@"', 'sh', ...command], { stdio: 'pipe' });
  let lines = '';
  limited.stderr.on('data', (chunk) => {
    lines += String(chunk);
  });
  const [status] = (await once(limited, 'exit')) as [number | null];
  await receiver.stop();

  expect(status).toBe(1);
  expect(lines).toMatch(/\[TRAFFIC_LOG\]/);
  expect(verifyTraffic(border).ok).toBe(true);
  const arrived = readdirSync(join(border.root, 'receiver/received'));
  expect(arrived.length).toBeGreaterThan(0);
  expect(arrived.length).toBeLessThan(ids.length);
  const intents = readTraffic(border)
    .filter(({ kind }) => kind === 'intent')
    .map(({ transferId }) => transferId);
  for (const id of arrived) expect(intents).toContain(id);
});
