import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cloudYaml } from '../../../../bin/up/configs.ts';
import { layoutOf } from '../../../../bin/up/layout.ts';
import { accessFault } from '../../../../cloud/access/access-fault.ts';
import { bundleDirectory, captureDirectory } from '../../../../cloud/adapters/bundle-directory.ts';
import { zipBundle } from '../../../../cloud/adapters/zip-bundle.ts';
import type { AskToRead } from '../../../../cloud/ask-to-read.ts';
import { inspectionCommand } from '../../../../cloud/cli/inspection.command.ts';
import { gatherInspection, trafficOf } from '../../../../cloud/gather-inspection.ts';
import { openCheckpoint } from '../../../../cloud/log/checkpoint.ts';
import { leafHash, rootOf } from '../../../../cloud/log/merkle.ts';
import { createLog } from '../../../../cloud/log/open-log.ts';
import { requestTransfer } from '../../../../cloud/transfer/export-gate.ts';
import { assert, fail, ok } from '../../../../proto/words/result.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { definedDataset, recipient, scratchGate } from '../../../support/cloud/gate.ts';
import { entryOf } from '../../../support/cloud/registers/entries.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';
import { STATISTICS } from '../../../support/datasets/parcels.ts';

const at = (text: string) => Date.parse(text) as Instant;

/** An installation with logs of two months, one transfer in it, and captures. */
async function installation() {
  const root = scratchDirectory();
  const layout = layoutOf(root);
  const config = layout.config('cloud.yaml');
  for (const directory of [join(config, '..'), layout.cloud('stores'), layout.cloud('log'), join(root, 'captures')]) {
    mkdirSync(directory, { recursive: true });
  }
  writeFileSync(config, cloudYaml(layout, 1, at('2026-02-01T00:00:00Z')));
  const { privateKey: signingKey } = generateKeyPairSync('ed25519');
  writeFileSync(layout.cloud('log.key'), signingKey.export({ type: 'pkcs8', format: 'pem' }));
  let now = at('2026-01-31T15:59:59Z');
  const begin = (name: string) => {
    const log = createLog({
      directory: join(layout.cloud('log'), name),
      origin: `tongguan.example/${name}`,
      signingKey,
      clock: { now: () => now },
    });
    assert(log.ok, 'a log begins');
    return log.value;
  };
  const [operations, alerts] = [begin('operations'), begin('alerts')];
  const change = (changes: object, version: number) => {
    const after = { ...entryOf('processor', changes), version };
    operations.append([
      { kind: 'register', transferId: '', actor: 'alice', document: { act: 'replace', before: null, after } },
    ]);
  };
  change({ name: 'Before the period' }, 1);
  now = at('2026-02-10T00:00:00Z');
  change({ name: 'Within the period' }, 2);
  alerts.append([{ kind: 'alert', transferId: '', actor: 'cloud', document: { code: 'EMERGENCY_STOPPED' } }]);
  const gate = scratchGate({ operations, clock: { now: () => now } });
  const one = definedDataset(STATISTICS);
  const asked = await requestTransfer(
    { dataset: one, recipient, purpose: 'warranty', requestedBy: 'alice' },
    gate.parts,
  );
  assert(asked.ok, 'a transfer is decided');
  now = at('2026-02-28T16:00:00Z');
  change({ name: 'After the period' }, 3);
  writeFileSync(join(root, 'captures', 'segment-1.bin'), Buffer.from('sealed'));
  const told: { out: string[]; err: string[] } = { out: [], err: [] };
  const io = {
    environment: {},
    clock: { now: () => at('2026-03-05T00:00:00Z') },
    out: (line: string) => told.out.push(line),
    err: (line: string) => told.err.push(line),
    access: (() => Promise.resolve(ok({ account: 'tour', ended: () => Promise.resolve(ok(undefined)) }))) as AskToRead,
    gather: gatherInspection,
    trafficOf,
    sink: bundleDirectory,
    captures: captureDirectory,
    zip: zipBundle,
  };
  const out = join(root, 'bundle');
  const args = { config, from: '2026-02-01', to: '2026-02-28', data: undefined, captures: undefined, out, json: true };
  return {
    root,
    layout,
    args,
    io,
    told,
    operations,
    signingKey,
    out,
    lines: (name: string) => readFileSync(join(out, name), 'utf8').trimEnd().split('\n'),
  };
}

test('the index opens from disk, every link leads to a file, every file keeps its checksum', async () => {
  const { args, io, out, told } = await installation();
  expect(await inspectionCommand(args, io)).toBe(0);
  expect(JSON.parse(told.out[0] ?? '')).toMatchObject({
    logs: [
      { name: 'operations', entries: 3 },
      { name: 'alerts', entries: 1 },
    ],
  });
  const html = readFileSync(join(out, 'index.html'), 'utf8');
  const links = [...html.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, to = '']) => decodeURIComponent(to));
  expect(links.length).toBeGreaterThan(10);
  expect(links.filter((to) => !existsSync(join(out, to)))).toEqual([]);
  expect(html).not.toMatch(/<script|https?:|\/\/|@import|url\(/);
  expect([html.includes('检查材料'), html.includes('Inspection bundle')]).toEqual([true, true]);
  const checked = execFileSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: out, encoding: 'utf8' });
  const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(checked.trimEnd().split('\n')).toHaveLength(files.length - 1);
  expect(checked).not.toContain('FAILED');
  writeFileSync(join(out, 'verdicts.ndjson'), ' ', { flag: 'a' });
  expect(spawnSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: out }).status).toBe(1);
});

test('it holds verdicts with facts and rules, permits, and the registers as they stood on the last day', async () => {
  const { args, io, lines } = await installation();
  await inspectionCommand(args, io);
  const verdict = JSON.parse(lines('verdicts.ndjson')[0] ?? '');
  expect(verdict).toMatchObject({
    kind: 'verdict',
    document: { facts: { purpose: 'warranty' }, verdict: { decision: 'permit' } },
  });
  expect(JSON.parse(lines('permits.ndjson')[0] ?? '')).toMatchObject({ kind: 'permit', transferId: 't1' });
  expect(JSON.parse(lines('registers/processor.ndjson')[0] ?? '')).toMatchObject({
    version: 2,
    body: { name: 'Within the period' },
  });
  expect(lines('index.html').join('')).toContain('t1');
});

test('whoever has the key of the log checks from the bundle alone that nothing was left out or changed', async () => {
  const { args, io, lines, signingKey, out } = await installation();
  await inspectionCommand(args, io);
  const note = readFileSync(join(out, 'logs/operations/checkpoint'));
  const head = openCheckpoint(note, { origin: 'tongguan.example/operations', publicKey: createPublicKey(signingKey) });
  const hashes = lines('logs/operations/leaf-hashes.txt').map((text) => Buffer.from(text, 'hex'));
  assert(head.ok, 'the note is signed');
  expect(Buffer.from(rootOf(hashes)).equals(Buffer.from(head.value.rootHash))).toBe(true);
  const entries = lines('logs/operations/entries.ndjson').map(
    (text) => JSON.parse(text) as { index: number; leaf: string },
  );
  expect(entries.map(({ index }) => index)).toEqual([1, 2, 3]);
  for (const { index, leaf } of entries) {
    expect(Buffer.from(leafHash(Buffer.from(leaf, 'base64'))).toString('hex')).toBe(hashes[index]?.toString('hex'));
  }
});

test('captures of the time come as they are; a .zip holds the same files', async () => {
  const { root, args, io, told, out } = await installation();
  const today = new Date().toISOString().slice(0, 10);
  const packed = { ...args, to: today, captures: join(root, 'captures'), out: `${out}.zip` };
  expect(await inspectionCommand(packed, io)).toBe(0);
  expect(existsSync(`${out}.zip.parts`)).toBe(false);
  const { sha256, captures } = JSON.parse(told.out[0] ?? '') as { sha256: string; captures: number };
  expect(captures).toBe(1);
  expect(
    createHash('sha256')
      .update(readFileSync(`${out}.zip`))
      .digest('hex'),
  ).toBe(sha256);
  const list = execFileSync('python3', ['-m', 'zipfile', '-l', `${out}.zip`], { encoding: 'utf8' });
  for (const name of ['index.html', 'SHA256SUMS', 'captures/segment-1.bin', 'logs/alerts/entries.ndjson'])
    expect(list).toContain(name);
});

test.each([
  ['a VIN', 'LSVAA4182E2184847', 'vin'],
  ['a place', 'at 39.90421, 116.40739', 'coordinates'],
])('a log that holds %s gives no bundle, and nothing of it is left', async (_, text, leak) => {
  const { args, io, told, operations, out } = await installation();
  // The clock of the log stands after the period, so the period takes one day more.
  operations.append([{ kind: 'verdict', transferId: 't9', actor: 'x', document: { text } }]);
  expect(await inspectionCommand({ ...args, to: '2026-03-01' }, io)).toBe(1);
  expect(told.err.join('')).toContain(leak);
  expect(told.err.join('')).not.toContain(text);
  expect(existsSync(out)).toBe(false);
});

test('a log that does not verify gives no bundle', async () => {
  const { args, io, layout, told, out } = await installation();
  const file = join(layout.cloud('log'), 'operations', 'entries.log');
  const bytes = readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 3) ^ 1, bytes.length - 3);
  writeFileSync(file, bytes);
  expect(await inspectionCommand(args, io)).toBe(1);
  expect(told.err.join('')).toContain('LOG_CORRUPT');
  expect(existsSync(out)).toBe(false);
});

test('days out of order, a place that is taken, and a reader from nowhere are refused', async () => {
  const { args, io, root, out } = await installation();
  expect(await inspectionCommand({ ...args, to: '2026-01-01' }, io)).toBe(2);
  expect(await inspectionCommand({ ...args, out: root }, io)).toBe(2);
  const access: AskToRead = () => Promise.resolve(fail(accessFault('ACCESS_OVERSEAS')));
  expect(await inspectionCommand(args, { ...io, access })).toBe(3);
  expect(existsSync(out)).toBe(false);
});
