import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ExporterFaultCode } from '../../cloud/exporter/faults.table.ts';
import type { ExporterStatus } from '../../cloud/exporter/main.ts';
import type { Permit } from '../../proto/codec/transfer-codec.ts';
import type { Instant } from '../../proto/words/time.ts';
import { type Border, createBorder, type ParcelSpec, putParcel, sha256Hex } from './support/border.ts';
import { writeExporterConfig } from './support/configs.ts';
import { type Running, readTraffic, returned, startExporter, until } from './support/running.ts';
import { type SpyServer, startSpyServer } from './support/spy-server.ts';

const NOW = Date.parse('2026-05-01T02:00:00.000Z') as Instant;
const DATA = Buffer.from('{"row":1}\n');

let border: Border;
let spy: SpyServer;
let exporter: Running<ExporterStatus>;
let now: Instant = NOW;

beforeAll(async () => {
  border = await createBorder();
  spy = await startSpyServer();
  const limits = { filesMax: 3, parcelBytesMax: 100_000 };
  const path = writeExporterConfig(border, spy.endpoint, { limits });
  exporter = startExporter(path, { now: () => now });
});

afterAll(async () => {
  await exporter.stop();
  spy.close();
  border.remove();
});

interface Vector {
  readonly broken: string;
  readonly code: ExporterFaultCode;
  readonly spec: Partial<ParcelSpec>;
}

const inDirectory = (change: (at: (name: string) => string) => void) => ({
  tamper: (directory: string) => change((name) => join(directory, name)),
});
const inPermit = (permit: Partial<Permit>) => ({ permit });
const listed = (name: string, bytes = DATA.length) => ({ name, bytes, sha256: sha256Hex(DATA) });
const stranger = generateKeyPairSync('ed25519').privateKey;

// biome-ignore format: one broken check a line
const VECTORS: readonly Vector[] = [
  { broken: 'no permit', code: 'PERMIT_MISSING', spec: inDirectory((at) => rmSync(at('permit.bin'))) },
  { broken: 'a permit that is not an envelope', code: 'PERMIT_MALFORMED', spec: inDirectory((at) => writeFileSync(at('permit.bin'), 'permit')) },
  { broken: 'a permit of 100 kB', code: 'PERMIT_MALFORMED', spec: inDirectory((at) => writeFileSync(at('permit.bin'), Buffer.alloc(100_000))) },
  { broken: 'a receipt signed with the permit key', code: 'PERMIT_KIND', spec: { kind: 'receipt' } },
  { broken: 'signed by another key under the name of ours', code: 'PERMIT_SIGNATURE', spec: { signedBy: stranger } },
  { broken: 'a permit for another transfer', code: 'PERMIT_TRANSFER', spec: inPermit({ transferId: 'other' }) },
  { broken: 'one millisecond before it is valid', code: 'PERMIT_NOT_YET_VALID', spec: inPermit({ notBeforeMs: NOW + 1 }) },
  { broken: 'the millisecond in which it expires', code: 'PERMIT_EXPIRED', spec: inPermit({ expiresAtMs: NOW }) },
  { broken: 'a recipient that is not in the list', code: 'RECIPIENT_UNKNOWN', spec: inPermit({ recipientId: 'acme-us' }) },
  { broken: 'another certificate of the recipient', code: 'RECIPIENT_CERTIFICATE', spec: inPermit({ recipientCertificateSha256: new Uint8Array(32) }) },
  { broken: 'another endpoint of the recipient', code: 'RECIPIENT_ENDPOINT', spec: inPermit({ endpoint: 'https://127.0.0.1:9' }) },
  { broken: 'no manifest', code: 'MANIFEST_MISSING', spec: inDirectory((at) => rmSync(at('manifest.json'))) },
  { broken: 'another manifest than the permit names', code: 'MANIFEST_HASH', spec: inPermit({ manifestSha256: createHash('sha256').digest() }) },
  { broken: 'one byte more in the manifest', code: 'MANIFEST_HASH', spec: inDirectory((at) => writeFileSync(at('manifest.json'), ' ', { flag: 'a' })) },
  { broken: 'a manifest of another transfer', code: 'MANIFEST_MALFORMED', spec: { manifest: { transferId: 'other' } } },
  { broken: 'a manifest without files', code: 'MANIFEST_MALFORMED', spec: { manifest: { files: [] } } },
  { broken: 'a manifest that names a file twice', code: 'MANIFEST_MALFORMED', spec: { manifest: { files: [listed('a'), listed('A')] } } },
  { broken: 'a file name that climbs out', code: 'PARCEL_FILE_NAME', spec: { manifest: { files: [listed('../data.ndjson')] } } },
  { broken: 'a data file that takes the name of the permit', code: 'PARCEL_FILE_NAME', spec: { manifest: { files: [listed('permit.bin')] } } },
  { broken: 'one byte of a file changed', code: 'PARCEL_FILE_HASH', spec: inDirectory((at) => writeFileSync(at('data.ndjson'), '{"row":2}\n')) },
  { broken: 'one byte of a file cut off', code: 'PARCEL_FILE_HASH', spec: inDirectory((at) => truncateSync(at('data.ndjson'), DATA.length - 1)) },
  { broken: 'a file a terabyte longer, which nobody has the time to hash', code: 'PARCEL_FILE_HASH', spec: inDirectory((at) => truncateSync(at('data.ndjson'), 2 ** 40)) },
  { broken: 'a file missing', code: 'PARCEL_FILE_MISSING', spec: inDirectory((at) => rmSync(at('data.ndjson'))) },
  { broken: 'an extra file', code: 'PARCEL_EXTRA_FILE', spec: inDirectory((at) => writeFileSync(at('more.ndjson'), DATA)) },
  { broken: 'a hidden extra file', code: 'PARCEL_FILE_NAME', spec: inDirectory((at) => writeFileSync(at('.more'), DATA)) },
  { broken: 'an extra directory', code: 'PARCEL_EXTRA_FILE', spec: inDirectory((at) => mkdirSync(at('more'))) },
  { broken: 'a symbolic link with the right content', code: 'PARCEL_NOT_A_FILE', spec: inDirectory((at) => linkAway(at('data.ndjson'))) },
  { broken: 'a manifest that is a symbolic link', code: 'PARCEL_NOT_A_FILE', spec: inDirectory((at) => linkAway(at('manifest.json'))) },
  { broken: 'a permit that is a symbolic link', code: 'PARCEL_NOT_A_FILE', spec: inDirectory((at) => linkAway(at('permit.bin'))) },
  { broken: 'a directory that is a symbolic link', code: 'PARCEL_NOT_A_DIRECTORY', spec: { tamper: linkAway } },
  { broken: 'one byte more than a parcel may have', code: 'PARCEL_TOO_LARGE', spec: { manifest: { files: [listed('data.ndjson', 100_000)] } } },
  { broken: 'one file more than a parcel may have', code: 'PARCEL_TOO_MANY_FILES', spec: { manifest: { files: ['a', 'b', 'c', 'd'].map((name) => listed(name)) } } },
];

let count = 0;

/** Puts a link in the place of a file or directory, and the thing itself outside the outbox. */
function linkAway(path: string): void {
  count += 1;
  const target = join(border.root, 'zones', `moved-${count}`);
  renameSync(path, target);
  symlinkSync(target, path);
}

test.each(VECTORS)('refuses $broken: $code', async ({ code, spec }) => {
  count += 1;
  const id = `t-${count}`;
  const permit = { notBeforeMs: NOW, expiresAtMs: NOW + 1, ...spec.permit };
  putParcel(border, { id, endpoint: spy.endpoint, ...spec, permit });
  const file = await returned(border, id);
  expect(file).toMatchObject({ transferId: id, outcome: 'refused', attempts: 0, fault: { code } });
  expect(file.fault).toHaveProperty('remedy.zh');
});

test('a permit signed by a key that names itself is refused too', async () => {
  const foreign = { ...border, permitKey: stranger };
  const permit = { notBeforeMs: NOW, expiresAtMs: NOW + 1 };
  putParcel(foreign, { id: 't-foreign', endpoint: spy.endpoint, permit });
  expect(await returned(border, 't-foreign')).toMatchObject({ fault: { code: 'PERMIT_KEY_UNKNOWN' } });
});

test('a clock that is set back brings no permit to life that had run out by the youngest entry', async () => {
  now = (NOW - 3_600_000) as Instant;
  putParcel(border, {
    id: 't-late',
    endpoint: spy.endpoint,
    permit: { notBeforeMs: NOW - 7_200_000, expiresAtMs: NOW },
  });
  expect(await returned(border, 't-late')).toMatchObject({ attempts: 0, fault: { code: 'PERMIT_EXPIRED' } });
  now = NOW;
});

test('none of these made a connection, and each is in the log with its reason', async () => {
  expect(spy.connections()).toBe(0);
  expect(await exporter.stop()).toBe(0);
  const entries = readTraffic(border);
  expect(entries.map(({ kind }) => kind)).toEqual(Array.from({ length: VECTORS.length + 2 }, () => 'refused'));
  const codes = entries.map(({ document }) => (document['fault'] as { code: string }).code);
  expect(codes.sort()).toEqual([...VECTORS.map(({ code }) => code), 'PERMIT_KEY_UNKNOWN', 'PERMIT_EXPIRED'].sort());
  expect(exporter.statuses.at(-1)).toMatchObject({ refused: VECTORS.length + 2, delivered: 0, failed: 0 });
});

test('the same exporter does connect for a permit with nothing broken, so the silence above means something', async () => {
  const again = startExporter(writeExporterConfig(border, spy.endpoint), { now: () => NOW });
  putParcel(border, { id: 't-sound', endpoint: spy.endpoint, permit: { notBeforeMs: NOW, expiresAtMs: NOW + 1 } });
  await until(() => spy.connections() > 0);
  expect(await again.stop()).toBe(0);
  expect(
    readTraffic(border)
      .filter(({ transferId }) => transferId === 't-sound')
      .slice(0, 3),
  ).toMatchObject([{ kind: 'intent' }, { kind: 'attempt', document: { attempt: 1 } }, { kind: 'connection-open' }]);
});
