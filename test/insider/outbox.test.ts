import { createHash, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { borderDirectory } from '../../cloud/adapters/border-directory.ts';
import { sqliteTransferRegister } from '../../cloud/adapters/sqlite-transfer-register.ts';
import type { ExporterStatus } from '../../cloud/exporter/main.ts';
import { handoverText } from '../../cloud/exporter/permit-key.ts';
import type { TransferRegister } from '../../cloud/ports/transfer-register.ts';
import { createStrangerWatch, type SettleParts, settleReturns } from '../../cloud/transfer/settle-transfers.ts';
import { ok } from '../../proto/words/result.ts';
import type { Instant } from '../../proto/words/time.ts';
import { type Border, createBorder, type ParcelSpec, putParcel } from '../integration-exporter/support/border.ts';
import { writeExporterConfig } from '../integration-exporter/support/configs.ts';
import { type Running, returned, startExporter, until } from '../integration-exporter/support/running.ts';
import { type SpyServer, startSpyServer } from '../integration-exporter/support/spy-server.ts';

// Somebody who can write into the border directory and knows its form. docs/insider.md has the table.

let border: Border;
let spy: SpyServer;
let exporter: Running<ExporterStatus>;
let transfers: TransferRegister;
const logged: { readonly kind: string; readonly transferId: string }[] = [];
const alerts: Readonly<Record<string, unknown>>[] = [];
let parts: Omit<Required<SettleParts>, 'neverBegun' | 'isReceipt'>;
let lookForStrangers: () => void;

beforeAll(async () => {
  border = await createBorder();
  spy = await startSpyServer();
  exporter = startExporter(writeExporterConfig(border, spy.endpoint));
  mkdirSync(join(border.root, 'stores'));
  transfers = sqliteTransferRegister(join(border.root, 'stores', 'transfers.sqlite'));
  const append: (typeof parts)['operations']['append'] = (entries) => {
    logged.push(...entries);
    return ok({ firstIndex: 0, leafHashes: [] });
  };
  const alert = (document: Readonly<Record<string, unknown>>) => alerts.push(document);
  parts = { operations: { append }, transfers, border: borderDirectory(join(border.root, 'border')), alert };
  lookForStrangers = createStrangerWatch(parts);
});
afterAll(async () => {
  await exporter.stop();
  transfers.shut();
  spy.close();
  border.remove();
});

/** A transfer that the cloud did permit, so that its return is taken in. */
function permitted(transferId: string): void {
  const row = { transferId, requestedAt: 1 as Instant, datasetId: 'd', recipientId: 'r', purpose: 'p', persons: 0 };
  transfers.add({ ...row, state: 'requested' });
  transfers.permit(transferId, { year: 2026, route: 'free-flow', isExempt: false, persons: {} }, transfers.counted());
}

const inDirectory = (change: (at: (name: string) => string) => void) => ({
  tamper: (directory: string) => change((name) => join(directory, name)),
});
const stranger = generateKeyPairSync('ed25519').privateKey;

// biome-ignore format: one way a line
const WAYS: readonly (readonly [way: string, id: string, spec: Partial<ParcelSpec>, because: string])[] = [
  ['1. forges a permit', 'i-forged', { signedBy: stranger }, 'PERMIT_SIGNATURE'],
  ['2. changes the manifest after the permit', 'i-manifest', { permit: { manifestSha256: createHash('sha256').digest() } }, 'MANIFEST_HASH'],
  ['3. swaps the parcel after the permit', 'i-swapped', inDirectory((at) => writeFileSync(at('data.ndjson'), '{"row":2}\n')), 'PARCEL_FILE_HASH'],
  ['4. adds a file to a cleared parcel', 'i-added', inDirectory((at) => writeFileSync(at('tracks.ndjson'), '{}\n')), 'PARCEL_EXTRA_FILE'],
  ['5. has a permit made out to another certificate', 'i-certificate', { permit: { recipientCertificateSha256: new Uint8Array(32) } }, 'RECIPIENT_CERTIFICATE'],
];

test.each(WAYS)('%s: nothing is sent, and it is alerted', async (_, id, spec, because) => {
  permitted(id);
  putParcel(border, { id, endpoint: spy.endpoint, ...spec });
  expect(await returned(border, id)).toMatchObject({ outcome: 'refused', attempts: 0, fault: { code: because } });
  settleReturns(parts);
  expect(alerts).toContainEqual({ code: 'TRANSFER_REFUSED', transferId: id, because });
  expect(logged).toContainEqual(expect.objectContaining({ kind: 'closed', transferId: id }));
  expect([transfers.find(id)?.state, spy.connections()]).toEqual(['refused', 0]);
});

test('6. uses a permit again for a parcel of his own: nothing is sent, and it is alerted once', async () => {
  putParcel(border, { id: 'i-other', endpoint: spy.endpoint, permit: { transferId: 'i-delivered' } });
  expect(await returned(border, 'i-other')).toMatchObject({ outcome: 'refused', fault: { code: 'PERMIT_TRANSFER' } });
  for (let looks = 0; looks < 3; looks += 1) lookForStrangers();
  const told = alerts.filter(({ transferId }) => transferId === 'i-other');
  expect(told).toEqual([
    { code: 'OUTBOX_FOREIGN_PARCEL', transferId: 'i-other', outcome: 'refused', because: 'PERMIT_TRANSFER' },
  ]);
  expect(spy.connections()).toBe(0);
});

test('7. puts files into the outbox by hand: nothing is sent, and it is alerted', async () => {
  const directory = join(border.outbox, 'i-by-hand');
  mkdirSync(directory);
  writeFileSync(join(directory, 'tracks.ndjson'), '{"row":1}\n');
  expect(await returned(border, 'i-by-hand')).toMatchObject({ outcome: 'refused', fault: { code: 'PERMIT_MISSING' } });
  lookForStrangers();
  expect(alerts).toContainEqual(expect.objectContaining({ code: 'OUTBOX_FOREIGN_PARCEL', transferId: 'i-by-hand' }));
  expect(spy.connections()).toBe(0);
});

test('18. gives the exporter another permit key and a permit of his own: nothing is sent, and it is alerted', async () => {
  putParcel(border, { id: 'i-sound', endpoint: spy.endpoint });
  await until(() => spy.connections() > 0);
  await exporter.stop();
  const before = spy.connections();
  const mine = { ...border, permitKey: stranger };
  const restart = (more?: Readonly<Record<string, unknown>>) =>
    startExporter(writeExporterConfig(mine, spy.endpoint, more));
  const own = (id: string) => putParcel(mine, { id, endpoint: spy.endpoint });
  exporter = restart();
  own('i-own-key');
  const refusal = { outcome: 'refused', attempts: 0, fault: { code: 'PERMIT_KEY_CHANGED' } };
  expect(await returned(border, 'i-own-key')).toMatchObject(refusal);
  lookForStrangers();
  expect(alerts).toContainEqual(expect.objectContaining({ transferId: 'i-own-key', because: 'PERMIT_KEY_CHANGED' }));
  await exporter.stop();

  // Nor with a handover that is not by the key of before; with one that is, permits under the new key are honoured.
  const next = createPublicKey(stranger);
  const permit = { publicKeyFile: 'keys/permit.pub', handoverFile: 'keys/handover.sig' };
  const handOver = (by: typeof stranger, to = next) =>
    writeFileSync(join(border.root, permit.handoverFile), sign(null, handoverText(to), by));
  for (const [id, by, to] of [
    ['i-by-itself', stranger, next],
    ['i-to-another', border.permitKey, createPublicKey(border.permitKey)],
  ] as const) {
    handOver(by, to);
    exporter = restart({ permit });
    own(id);
    expect(await returned(border, id)).toMatchObject(refusal);
    await exporter.stop();
  }
  expect(spy.connections()).toBe(before);
  handOver(border.permitKey);
  exporter = restart({ permit });
  own('i-handed-over');
  await until(() => spy.connections() > before);
});
