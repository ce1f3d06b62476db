import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createAuthority, type TestIdentity } from '../support/cloud/certificates.ts';
import { type Border, createBorder, putParcel } from './support/border.ts';
import { writeExporterConfig, writeReceiverConfig } from './support/configs.ts';
import { type Impostor, startImpostor } from './support/impostor.ts';
import { readTraffic, returned, startExporter, startReceiver } from './support/running.ts';

let border: Border;
let server: Impostor | undefined;

beforeEach(async () => {
  border = await createBorder();
});
afterEach(() => {
  server?.close();
  border.remove();
});

/** Runs one round against a server and gives the code with which it failed. */
async function failureAt(started: Impostor): Promise<string | undefined> {
  server = started;
  const exporter = startExporter(writeExporterConfig(border, started.endpoint));
  putParcel(border, { id: 't-1', endpoint: started.endpoint });
  const file = await returned(border, 't-1', ['failed', 'delivered']);
  expect(await exporter.stop()).toBe(0);
  return file.fault?.code;
}

interface Case {
  readonly who: string;
  readonly identity: () => Promise<TestIdentity>;
  readonly code: string;
}

const CASES: readonly Case[] = [
  {
    who: 'another certificate of the same authority for the same host',
    identity: () => border.authority.issue('recipient', 'server'),
    code: 'RECIPIENT_CERTIFICATE_OTHER',
  },
  {
    who: 'a certificate of another authority of the same name',
    identity: async () => (await createAuthority('throw-away test authority')).issue('recipient', 'server'),
    code: 'RECIPIENT_TLS',
  },
];

test.each(CASES)('a recipient that shows $who is told nothing', async ({ identity, code }) => {
  expect(await failureAt(await startImpostor(await identity()))).toBe(code);
  expect(server?.heard()).toHaveLength(0);
  const connections = readTraffic(border).filter(({ kind }) => kind === 'connection');
  expect(connections).toHaveLength(3);
  expect(connections.every(({ document }) => document['ended'] === code)).toBe(true);
});

test('the registered certificate, run out since, is no longer good for anything', async () => {
  const expired = await border.authority.issue('recipient', 'server', -2);
  border = { ...border, recipient: expired };
  expect(await failureAt(await startImpostor(expired))).toBe('RECIPIENT_TLS');
  expect(server?.heard()).toHaveLength(0);
});

test('a recipient that speaks only TLS 1.2 is told nothing', async () => {
  expect(await failureAt(await startImpostor(border.recipient, { maxVersion: 'TLSv1.2' }))).toBe('RECIPIENT_TLS');
  expect(server?.heard()).toHaveLength(0);
});

test('the right certificate is sent the parcel: the silence above is not that of a broken test', async () => {
  const answer = 'HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n';
  expect(await failureAt(await startImpostor(border.recipient, {}, answer))).toBe('RECIPIENT_ANSWER');
  expect(server?.heard().toString()).toContain('PUT /v1/transfers/t-1/files/manifest.json');
});

test.each([
  ['has run out', -2],
  ['is not in the receiver’s list', 7],
])('an exporter whose own certificate %s gets nothing across, and says so', async (_, days) => {
  const receiver = await startReceiver(writeReceiverConfig(border));
  const endpoint = `https://127.0.0.1:${receiver.port}`;
  const other = { ...border, exporter: await border.authority.issue('exporter', 'client', days) };
  const exporter = startExporter(writeExporterConfig(other, endpoint));
  putParcel(border, { id: 't-1', endpoint });
  const file = await returned(border, 't-1', ['failed', 'delivered']);
  await exporter.stop();
  await receiver.stop();
  expect(file.outcome).toBe('failed');
  const told = days < 0 ? /RECIPIENT_TLS|RECIPIENT_BROKE_OFF/ : /403 EXPORTER_UNKNOWN/;
  expect(exporter.lines.join('\n')).toMatch(told);
  expect(readdirSync(join(border.root, 'receiver/staging/exporter'))).toEqual([]);
});

const RECEIPTS = [
  { what: 'no receipt at all', body: 'thank you' },
  { what: 'an empty receipt', body: '' },
];

test.each(RECEIPTS)('$what does not make a delivery', async ({ body }) => {
  const answer = `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`;
  const started = await startImpostor(border.recipient, {}, answer);
  // It says 200 to everything: to the first PUT, where that is no answer, and later to `complete`.
  expect(await failureAt(started)).toBe('RECEIPT_INVALID');
  expect(readTraffic(border).some(({ kind }) => kind === 'delivered')).toBe(false);
});
