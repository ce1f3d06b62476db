import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Border, createBorder, putParcel } from './support/border.ts';
import { writeExporterConfig, writeReceiverConfig } from './support/configs.ts';
import { readTraffic, returned, startExporter, startReceiver, until } from './support/running.ts';

let border: Border;
beforeEach(async () => {
  border = await createBorder();
});
afterEach(() => border.remove());

const capture = (changes: object = {}) => ({
  capture: { directory: 'captures', publicKeyFile: 'keys/capture.pub', bytesMax: 100_000_000, ...changes },
});

const ONCE = { attemptsPerRound: 1, pauseMs: 10, pauseMsMax: 10, roundPauseMs: 200 };

test('without a place for captures the exporter does not start', async () => {
  rmSync(border.captures, { recursive: true });
  const exporter = startExporter(writeExporterConfig(border, 'https://127.0.0.1:9'));
  expect(await exporter.exit).toBe(1);
  expect(exporter.lines.join('\n')).toContain('CAPTURE_UNWRITABLE');
});

test('a record that cannot be begun: the connection is made and carries no byte', async () => {
  let heard = 0;
  const spy = createServer((socket) =>
    socket.on('error', () => undefined).on('data', ({ length }) => (heard += length)),
  );
  spy.listen(0, '127.0.0.1');
  await once(spy, 'listening');
  const endpoint = `https://127.0.0.1:${(spy.address() as AddressInfo).port}`;
  const exporter = startExporter(writeExporterConfig(border, endpoint));
  await until(() => exporter.statuses.length > 0);
  rmSync(border.captures, { recursive: true });
  putParcel(border, { id: 't-1', endpoint });
  expect(await returned(border, 't-1', ['failed'])).toMatchObject({ fault: { code: 'CAPTURE_UNWRITABLE' } });
  await exporter.stop();
  expect(heard).toBe(0);
  const ends = readTraffic(border).filter(({ kind }) => kind === 'connection');
  expect(ends[0]?.document).toMatchObject({ ended: 'CAPTURE_UNWRITABLE', capture: null, bytesSent: 0 });
  spy.close();
});

test('room that runs out on the way stops the transfer there; with more room it goes on by itself', async () => {
  const receiver = await startReceiver(writeReceiverConfig(border));
  const endpoint = `https://127.0.0.1:${receiver.port}`;
  const path = writeExporterConfig(border, endpoint, { ...capture({ bytesMax: 1_500_000 }), retry: ONCE });
  putParcel(border, { id: 't-1', endpoint, files: { 'a.bin': Buffer.alloc(3_000_000, 'a') } });
  const first = startExporter(path);
  expect(await returned(border, 't-1', ['failed'])).toMatchObject({ fault: { code: 'CAPTURE_FULL' } });
  await first.stop();
  expect(existsSync(join(border.root, 'receiver/received/t-1'))).toBe(false);
  const [broken] = readTraffic(border).filter(({ kind }) => kind === 'connection');
  expect(broken?.document).toMatchObject({ ended: 'CAPTURE_FULL', capture: { isWhole: false } });
  expect(Number(broken?.document['bytesSent'])).toBeLessThan(1_500_000);

  const second = startExporter(writeExporterConfig(border, endpoint, capture()));
  expect(await returned(border, 't-1')).toMatchObject({ outcome: 'delivered' });
  await second.stop();
  await receiver.stop();
  const rows = readTraffic(border).filter(({ kind }) => kind === 'connection');
  expect(rows.at(-1)?.document).toMatchObject({ ended: 'receipt', capture: { isWhole: true } });
});

test('a list of captures that somebody changed stops everything before it begins', async () => {
  mkdirSync(border.captures, { recursive: true });
  writeFileSync(join(border.captures, 'connections.ndjson'), '{"kind":"connection"}\n');
  putParcel(border, { id: 't-1', endpoint: 'https://127.0.0.1:9' });
  const exporter = startExporter(writeExporterConfig(border, 'https://127.0.0.1:9'));
  expect(await exporter.exit).toBe(1);
  expect(exporter.lines.join('\n')).toContain('CAPTURE_DAMAGED');
  expect(readdirSync(border.returns)).toEqual([]);
  expect(readTraffic(border)).toEqual([]);
});
