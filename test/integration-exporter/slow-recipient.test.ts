import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Border, createBorder, putParcel, sha256Hex } from './support/border.ts';
import { writeExporterConfig, writeReceiverConfig } from './support/configs.ts';
import { startHoldingProxy } from './support/holding-proxy.ts';
import { readTraffic, returned, startExporter, startReceiver, until } from './support/running.ts';

// A recipient that takes its time: an attempt ends in the time that is named for it, the transfer goes back, and nothing of it is lost.

const PATIENCE = { connectMs: 600, answerMs: 600, pieceMs: 600 };
/** No two pieces of it are alike, so that one sent in the place of another is seen. */
const DATA = Buffer.alloc(12_000_000, 'patient');

let border: Border;
const servers: Server[] = [];
beforeEach(async () => {
  border = await createBorder();
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  border.remove();
});

async function listening(server: Server): Promise<string> {
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function recipient(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const { certificate: cert, key } = border.recipient;
  const options = { cert, key, ca: border.authority.certificate, requestCert: true, minVersion: 'TLSv1.3' as const };
  const server = createHttpsServer(options, (request, response) => {
    request.on('error', () => undefined);
    answer(request, response);
  });
  server.on('secureConnection', (socket) => socket.on('error', () => undefined));
  return listening(server);
}

/** Reads a little now and then: never silent, and never done. */
const sipping = (request: IncomingMessage): void => {
  request.on('data', () => {
    request.pause();
    setTimeout(() => request.resume(), 300);
  });
};

const dripping = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-length': '1000' });
  const timer = setInterval(() => response.write('x'), 100);
  response.on('close', () => clearInterval(timer));
};

// biome-ignore format: one way a line
const WAYS: readonly (readonly [string, () => Promise<string>, string])[] = [
  ['takes the connection and says nothing', () => listening(createServer((socket) => void socket.on('error', () => undefined).resume())), 'RECIPIENT_UNREACHABLE'],
  ['reads nothing of a file', () => recipient(() => undefined), 'RECIPIENT_SLOW'],
  ['sips at a file, and is never silent', () => recipient(sipping), 'RECIPIENT_SLOW'],
  ['takes a file and gives no answer', () => recipient((request) => void request.resume()), 'RECIPIENT_SLOW'],
  ['drips its answer', () => recipient((request, response) => void request.resume().on('end', () => dripping(response))), 'RECIPIENT_SLOW'],
];

test.each(WAYS)('a recipient that %s is given up in time, and the transfer with it', async (_, start, code) => {
  const endpoint = await start();
  const retry = { attemptsPerRound: 1, pauseMs: 10, pauseMsMax: 10, roundPauseMs: 60_000 };
  // Who connects at once is late later on, on a busy machine too.
  const patience = code === 'RECIPIENT_UNREACHABLE' ? PATIENCE : { ...PATIENCE, connectMs: 20_000 };
  const exporter = startExporter(writeExporterConfig(border, endpoint, { patience, retry }));
  putParcel(border, { id: 't-1', endpoint, files: { 'data.bin': DATA } });
  const file = await returned(border, 't-1', ['failed', 'delivered']);
  expect(file).toMatchObject({ outcome: 'failed', attempts: 1, fault: { code, retry: 'later' } });
  expect(await exporter.stop()).toBe(0);
  const [connection] = readTraffic(border).filter(({ kind }) => kind === 'connection');
  expect(connection?.document).toMatchObject({ ended: code });
});

test('what had arrived when a slow recipient was given up is not sent again', async () => {
  const receiver = await startReceiver(writeReceiverConfig(border));
  const line = await startHoldingProxy(receiver.port);
  line.holdAt({ up: 6_000_000 });
  const exporter = startExporter(writeExporterConfig(border, line.endpoint, { patience: PATIENCE }));
  putParcel(border, { id: 't-1', endpoint: line.endpoint, files: { 'data.bin': DATA } });
  await until(() => exporter.lines.some((said) => said.includes('RECIPIENT_SLOW')));
  line.holdAt({});
  expect(await returned(border, 't-1')).toMatchObject({ outcome: 'delivered' });
  expect(await exporter.stop()).toBe(0);
  await receiver.stop();
  line.close();
  const sent = readTraffic(border).flatMap(({ kind, document }) =>
    kind === 'connection' ? [Number(document['bytesSent'])] : [],
  );
  expect(sent.at(-1)).toBeLessThan(7_000_000);
  expect(sha256Hex(DATA)).toBe(sha256Hex(receivedFile()));
});

test('a recipient that is always behind gets each byte as it is on file, though the memory it is read into is used again', async () => {
  const arrived = createHash('sha256');
  const endpoint = await recipient((request, response) => {
    const isData = request.url?.endsWith('data.bin') === true;
    request.on('data', (chunk: Buffer) => {
      if (isData) arrived.update(chunk);
      request.pause();
      setTimeout(() => request.resume(), 1);
    });
    request.on('end', () => response.writeHead(204).end());
  });
  const retry = { attemptsPerRound: 1, pauseMs: 10, pauseMsMax: 10, roundPauseMs: 60_000 };
  const exporter = startExporter(writeExporterConfig(border, endpoint, { retry }));
  putParcel(border, { id: 't-1', endpoint, files: { 'data.bin': DATA } });
  // It took everything and gives no receipt.
  expect(await returned(border, 't-1', ['failed', 'delivered'])).toMatchObject({ fault: { code: 'RECIPIENT_ANSWER' } });
  expect(await exporter.stop()).toBe(0);
  expect(arrived.digest('hex')).toBe(sha256Hex(DATA));
});

function receivedFile(): Buffer {
  return readFileSync(join(border.root, 'receiver/received/t-1/data.bin'));
}
