import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createLog } from '../../cloud/log/open-log.ts';
import { type Border, createBorder, LOG_ORIGIN, putParcel, SYSTEM_CLOCK } from './support/border.ts';
import { bundleRoles } from './support/bundled.ts';
import type { Compiled } from './support/compiled.ts';
import { writeExporterConfig, writeReceiverConfig } from './support/configs.ts';
import { spawnExporter } from './support/processes.ts';
import { returned, startExporter, startReceiver, until } from './support/running.ts';

let program: Compiled;
let border: Border;

beforeAll(async () => {
  program = await bundleRoles();
});
beforeEach(async () => {
  border = await createBorder();
});
afterEach(() => border.remove());

/** Another exporter over the same outbox, with a log, a key of it and captures of its own. */
function otherConfig(endpoint: string): string {
  const logKey = generateKeyPairSync('ed25519').privateKey;
  const logDirectory = join(border.root, 'traffic-2');
  const created = createLog({ directory: logDirectory, origin: LOG_ORIGIN, signingKey: logKey, clock: SYSTEM_CLOCK });
  if (!created.ok) throw new Error(created.fault.code);
  created.value.close();
  mkdirSync(join(border.root, 'captures-2'));
  writeFileSync(join(border.root, 'log-2.key'), logKey.export({ type: 'pkcs8', format: 'pem' }));
  return writeExporterConfig(border, endpoint, {
    log: { directory: 'traffic-2', origin: LOG_ORIGIN, signingKeyFile: 'log-2.key' },
    capture: { directory: 'captures-2', publicKeyFile: 'keys/capture.pub', bytesMax: 1_000_000_000 },
  });
}

test('a second exporter with a log of its own ends with a fault, and a parcel goes once', {
  timeout: 60_000,
}, async () => {
  const receiver = await startReceiver(writeReceiverConfig(border));
  const endpoint = `https://127.0.0.1:${receiver.port}`;
  const first = spawnExporter(program, writeExporterConfig(border, endpoint));
  await until(() => first.statuses.length > 0);
  const second = startExporter(otherConfig(endpoint));
  const ended = await Promise.race([second.exit, until(() => second.statuses.length > 0)]);
  putParcel(border, { id: 't-1', endpoint });
  expect(await returned(border, 't-1')).toMatchObject({ outcome: 'delivered', attempts: 1 });
  expect(ended).toBe(1);
  expect(second.lines.join()).toContain('OUTBOX_HELD');
  expect(await first.stop()).toBe(0);
  await receiver.stop();
  expect(receiver.statuses.at(-1)?.received).toBe(1);
  expect(readdirSync(border.returns)).toEqual(['t-1.json']);
});

test('of two that start at once both never send', { timeout: 60_000 }, async () => {
  const one = writeExporterConfig(border, 'https://127.0.0.1:1');
  const [first, second] = [spawnExporter(program, one), spawnExporter(program, one)];
  const isOver = async (role: typeof first) => (await role.exited) === 1;
  const faults = await Promise.race([isOver(first), isOver(second)]);
  expect(faults).toBe(true);
  await Promise.all([first.kill(), second.kill()]);
});

test('kill -9 gives the border back at once, and nothing is left of it; a long path holds as well', {
  timeout: 60_000,
}, async () => {
  const returns = join('border', 'a'.repeat(80), 'b'.repeat(80));
  mkdirSync(join(border.root, returns), { recursive: true });
  const path = writeExporterConfig(border, 'https://127.0.0.1:1', { border: { outbox: 'border/outbox', returns } });
  for (let kill = 0; kill < 3; kill += 1) {
    const exporter = spawnExporter(program, path);
    await until(() => exporter.statuses.length > 0);
    const second = startExporter(path);
    expect(await second.exit).toBe(1);
    await exporter.kill();
    expect(readdirSync(join(border.root, returns))).toHaveLength(1);
  }
  const last = spawnExporter(program, path);
  await until(() => last.statuses.length > 0);
  expect(await last.stop()).toBe(0);
  expect(readdirSync(join(border.root, returns))).toEqual([]);
});
