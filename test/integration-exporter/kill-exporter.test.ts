import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { captureFiles } from '../../cloud/adapters/capture-files.ts';
import { type Border, createBorder, putParcel, sha256Hex } from './support/border.ts';
import { bundleRoles } from './support/bundled.ts';
import { openTestCapture } from './support/captures.ts';
import { cloudSide } from './support/cloud-side.ts';
import type { Compiled } from './support/compiled.ts';
import { writeExporterConfig, writeReceiverConfig } from './support/configs.ts';
import { type Hold, startHoldingProxy } from './support/holding-proxy.ts';
import { spawnExporter } from './support/processes.ts';
import { isReceived, stagedFiles } from './support/receiver-files.ts';
import { type ReadEntry, readTraffic, returned, startReceiver, until, verifyTraffic } from './support/running.ts';
import { seeded } from './support/seeded.ts';

const KILLS = 8;
const PARCELS = 4;
const FILE_BYTES = 3_000_000;
/** A killed exporter has been ready for at most this long. */
const LIFE_MS_MAX = 250;
/** One that is killed on the way has sent for at most this long after its first file. */
const FURTHER_MS_MAX = 20;

let program: Compiled;
let border: Border;

beforeAll(async () => {
  program = await bundleRoles();
});
beforeEach(async () => {
  border = await createBorder();
});
afterEach(() => border.remove());

const contentOf = (at: number) => ({
  'a.bin': Buffer.alloc(FILE_BYTES, `first ${at}`),
  'b.bin': Buffer.alloc(FILE_BYTES, `second ${at}`),
});

test(`${KILLS} kill -9 of the exporter at random moments: each parcel delivered once, the log whole`, {
  timeout: 240_000,
}, async () => {
  const seed = Number(process.env['SEED'] ?? 20260501);
  const chance = seeded(seed);
  const receiver = await startReceiver(writeReceiverConfig(border));
  const endpoint = `https://127.0.0.1:${receiver.port}`;
  const path = writeExporterConfig(border, endpoint, { limits: { transfersAtOnceMax: 2 }, pollMs: 20 });
  const ids = Array.from({ length: PARCELS }, (_, at) => `t-${at}`);

  for (let kill = 0; kill < KILLS; kill += 1) {
    const id = ids[kill / 2];
    if (id !== undefined) putParcel(border, { id, endpoint, files: contentOf(kill / 2) });
    const exporter = spawnExporter(program, path);
    if (id !== undefined && kill % 4 === 0) {
      // One in four dies on the way, with some of the new parcel across.
      await until(() => stagedFiles(border, id) > 0 || isReceived(border, id));
      await sleep(chance() * FURTHER_MS_MAX);
    } else {
      // One in five of the others dies while it starts and reads its log, the rest at any moment.
      if (chance() > 0.2) await until(() => exporter.statuses.length > 0);
      await sleep(chance() * LIFE_MS_MAX);
    }
    await exporter.kill();
    // Whatever the moment was, what is on disk is a log.
    expect(verifyTraffic(border).ok, `SEED=${seed} kill ${kill}`).toBe(true);
  }
  const last = spawnExporter(program, path);
  for (const id of ids) expect(await returned(border, id)).toMatchObject({ outcome: 'delivered' });
  expect(await last.stop()).toBe(0);
  await receiver.stop();

  const entries = readTraffic(border);
  expect(receiver.statuses.at(-1)?.received).toBe(PARCELS);
  // One report when it listened and one for each parcel: none was received twice.
  expect(receiver.statuses).toHaveLength(1 + PARCELS);
  expect(readdirSync(join(border.root, 'receiver/received')).sort()).toEqual([...ids].sort());
  for (const [at, id] of ids.entries()) {
    expectWholeParcel(id, contentOf(at));
    expectOneIntent(entries.filter(({ transferId }) => transferId === id));
  }
  const again = entries.filter(({ kind, document }) => kind === 'attempt' && Number(document['attempt']) > 1);
  expect(again.length, 'kills that hit a delivery').toBeGreaterThan(0);
  const lost = entries.filter(({ document }) => document['ended'] === 'PROCESS_KILLED');
  expect(lost.length, 'connections that a kill broke off').toBeGreaterThan(0);
  // What was recorded of them stands in the log, as far as it was durable; where nothing was, nobody can say.
  for (const { document } of lost) {
    if (document['capture'] === null) expect(document['dataVolumeBytes']).toBeNull();
    else expect(document['capture']).toMatchObject({ isWhole: false });
  }
  const opened = openTestCapture(border).catalogue;
  const keyFile = join(border.root, 'capture.key');
  writeFileSync(keyFile, border.captureKey.export({ type: 'pkcs8', format: 'pem' }));
  const files = captureFiles(border.captures, keyFile);
  for (const { document, kind } of entries) {
    if (kind !== 'connection' || document['capture'] === null) continue;
    const kept = opened.find(Number(document['openLeafIndex']));
    expect(document['capture']).toMatchObject({ segments: kept?.segments });
    expect(kept !== undefined && files.verify(kept).ok).toBe(true);
  }
});

const PERSONS = 3;
const STEPS: readonly (readonly [string, Hold])[] = [
  ['TCP stands, and no byte of TLS has gone', { up: 0 }],
  ['in the middle of the handshake', { up: 400 }],
  ['after some bytes of the first file', { up: 400_000 }],
  ['after some more of it, in a transfer that was resumed', { up: 1_200_000 }],
  ['in the second file, resumed', { up: 2_500_000 }],
  ['all files are there and the last answer is on its way', { downWhen: () => stagedFiles(border, 't-1') === 3 }],
  ['the parcel is there and the receipt is on its way', { downWhen: () => isReceived(border, 't-1') }],
];

test(`kill -9 of one transfer at ${STEPS.length} steps, each time resumed: nothing goes twice, and it counts once`, {
  timeout: 240_000,
}, async () => {
  const receiver = await startReceiver(writeReceiverConfig(border));
  const line = await startHoldingProxy(receiver.port);
  const cloud = cloudSide(border);
  const path = writeExporterConfig(border, line.endpoint, { pollMs: 20 });
  cloud.permit('t-1', PERSONS);
  putParcel(border, { id: 't-1', endpoint: line.endpoint, files: contentOf(1) });
  for (const [step, hold] of STEPS) {
    line.holdAt(hold);
    const exporter = spawnExporter(program, path);
    await until(line.isHeld);
    await exporter.kill();
    cloud.settle();
    expect(verifyTraffic(border).ok, step).toBe(true);
    expect([cloud.stateOf('t-1'), cloud.counted(), cloud.closed], step).toEqual(['permitted', PERSONS, []]);
    // All of it or nothing, also before the sender knows.
    if (isReceived(border, 't-1')) expectWholeParcel('t-1', contentOf(1));
  }
  line.holdAt({});
  const last = spawnExporter(program, path);
  expect(await returned(border, 't-1')).toMatchObject({ outcome: 'delivered', attempts: STEPS.length + 1 });
  expect(await last.stop()).toBe(0);
  await receiver.stop();
  line.close();
  for (let looks = 0; looks < 2; looks += 1) cloud.settle();
  expect([cloud.stateOf('t-1'), cloud.counted(), cloud.closed]).toEqual(['delivered', PERSONS, ['closed t-1']]);
  cloud.shut();
  expect(receiver.statuses.at(-1)?.received).toBe(1);
  expectWholeParcel('t-1', contentOf(1));
  const entries = readTraffic(border);
  expectOneIntent(entries);
  const sent = entries.filter(({ kind }) => kind === 'connection').map(({ document }) => Number(document['bytesSent']));
  expect(sent).toHaveLength(STEPS.length + 1);
  // What the line took and held back goes again; what had arrived does not.
  expect(sent.at(-1), 'when all had arrived').toBeLessThan(20_000);
});

function expectWholeParcel(id: string, files: Readonly<Record<string, Uint8Array>>): void {
  for (const [name, bytes] of Object.entries(files)) {
    const arrived = readFileSync(join(border.root, 'receiver/received', id, name));
    expect(sha256Hex(arrived)).toBe(sha256Hex(bytes));
  }
}

/** One intent first, attempts counted without a gap, every connection opened and ended once, one delivery last. */
function expectOneIntent(entries: readonly ReadEntry[]): void {
  const ofKind = (wanted: string) => entries.filter(({ kind }) => kind === wanted);
  expect(entries[0]?.kind).toBe('intent');
  expect(ofKind('intent')).toHaveLength(1);
  const attempts = ofKind('attempt').map(({ document }) => document['attempt']);
  expect(attempts).toEqual(attempts.map((_, at) => at + 1));
  expect(ofKind('connection')).toHaveLength(ofKind('connection-open').length);
  expect(ofKind('delivered')).toHaveLength(1);
  expect(entries.at(-1)?.kind).toBe('delivered');
}
