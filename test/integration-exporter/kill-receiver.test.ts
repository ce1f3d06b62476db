import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Border, createBorder, putParcel, sha256Hex } from './support/border.ts';
import { bundleRoles } from './support/bundled.ts';
import type { Compiled } from './support/compiled.ts';
import { writeExporterConfig, writeReceiverConfig } from './support/configs.ts';
import { spawnReceiver } from './support/processes.ts';
import { isReceived, stagedFiles } from './support/receiver-files.ts';
import { readTraffic, returned, startExporter, until } from './support/running.ts';
import { seeded } from './support/seeded.ts';

const KILLS = 6;
const FILE_BYTES = 3_000_000;
/** How long after the moment aimed at a receiver dies at most. */
const DELAY_MS_MAX = 60;

let program: Compiled;
let border: Border;

beforeAll(async () => {
  program = await bundleRoles();
  border = await createBorder();
});
afterAll(() => border.remove());

const contentOf = (at: number) => ({
  'a.bin': Buffer.alloc(FILE_BYTES, `a${at}`),
  'b.bin': Buffer.alloc(FILE_BYTES, `b${at}`),
});

test(`${KILLS} kill -9 of the receiver: what it shows is whole, and in the end it has everything once`, {
  timeout: 180_000,
}, async () => {
  const seed = Number(process.env['SEED'] ?? 20260502);
  const chance = seeded(seed);
  const first = await spawnReceiver(program, writeReceiverConfig(border));
  const { port } = first;
  const endpoint = `https://127.0.0.1:${port}`;
  const retry = { attemptsPerRound: 20, pauseMs: 20, pauseMsMax: 100, roundPauseMs: 100 };
  const exporter = startExporter(writeExporterConfig(border, endpoint, { retry, pollMs: 20 }));
  const path = writeReceiverConfig(border, { port });
  let receiver = first;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const id = `t-${kill}`;
    putParcel(border, { id, endpoint, files: contentOf(kill) });
    // One in four dies while files come in; the others when all are there, and are being hashed, signed for and moved.
    const files = kill % 4 === 0 ? 1 : 3;
    await until(() => stagedFiles(border, id) >= files || isReceived(border, id));
    await sleep(chance() * DELAY_MS_MAX);
    await receiver.kill();
    expectOnlyWholeParcels(`SEED=${seed} kill ${kill}`);
    receiver = await spawnReceiver(program, path);
  }
  for (let at = 0; at < KILLS; at += 1)
    expect(await returned(border, `t-${at}`)).toMatchObject({ outcome: 'delivered' });
  expect(await exporter.stop()).toBe(0);
  expect(await receiver.stop()).toBe(0);
  expectOnlyWholeParcels('at the end');
  expect(readdirSync(join(border.root, 'receiver/received'))).toHaveLength(KILLS);
  expect(readdirSync(join(border.root, 'receiver/staging/exporter'))).toEqual([]);
  expect(readdirSync(join(border.root, 'receiver/parts/new'))).toEqual([]);
  expect(readdirSync(join(border.root, 'receiver/parts/kept/exporter'))).toEqual([]);

  const entries = readTraffic(border);
  expect(entries.filter(({ kind }) => kind === 'delivered')).toHaveLength(KILLS);
  expect(entries.filter(({ kind }) => kind === 'intent')).toHaveLength(KILLS);
  const broken = entries.filter(({ kind, document }) => kind === 'connection' && document['ended'] !== 'receipt');
  expect(broken.length, 'connections that a kill broke off').toBeGreaterThan(0);
});

function expectOnlyWholeParcels(when: string): void {
  const received = join(border.root, 'receiver/received');
  for (const id of existsSync(received) ? readdirSync(received) : []) {
    const at = Number(id.slice(2));
    expect(readdirSync(join(received, id)).sort(), `${when} ${id}`).toEqual([
      'a.bin',
      'b.bin',
      'manifest.json',
      'receipt.bin',
    ]);
    for (const [name, bytes] of Object.entries(contentOf(at))) {
      expect(sha256Hex(readFileSync(join(received, id, name))), `${when} ${id}`).toBe(sha256Hex(bytes));
    }
  }
}
