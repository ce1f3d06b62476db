import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cloudYaml } from '../../../../bin/up/configs.ts';
import { layoutOf } from '../../../../bin/up/layout.ts';
import { accessFault } from '../../../../cloud/access/access-fault.ts';
import { bundleDirectory } from '../../../../cloud/adapters/bundle-directory.ts';
import { zipBundle } from '../../../../cloud/adapters/zip-bundle.ts';
import type { AskToRead } from '../../../../cloud/ask-to-read.ts';
import { segmentFile } from '../../../../cloud/capture/segment.ts';
import { inspectionCommand } from '../../../../cloud/cli/inspection.command.ts';
import { logVerifyCommand } from '../../../../cloud/cli/log.command.ts';
import { bundledCaptures } from '../../../../cloud/composition/open-captures.ts';
import { gatherInspection, trafficOf } from '../../../../cloud/inspection/gather-inspection.ts';
import { createLog } from '../../../../cloud/log/open-log.ts';
import type { Progress } from '../../../../cloud/ports/progress.ts';
import { requestTransfer } from '../../../../cloud/transfer/export-gate.ts';
import { assert, fail, ok } from '../../../../proto/words/result.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { capturesIn } from '../../../support/capture/captures-in.ts';
import { definedDataset, recipient, scratchGate } from '../../../support/cloud/gate.ts';
import { entryOf } from '../../../support/cloud/registers/entries.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';
import { STATISTICS } from '../../../support/datasets/parcels.ts';
import { checkSums, checkTiles, keyOfVkey } from '../log/outside-verifier.ts';

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
  const told: { out: string[]; err: string[] } = { out: [], err: [] };
  const noted: Progress[] = [];
  const io = {
    environment: {},
    clock: { now: () => at('2026-03-05T00:00:00Z') },
    out: (line: string) => told.out.push(line),
    err: (line: string) => told.err.push(line),
    access: (() => Promise.resolve(ok({ account: 'tour', ended: () => Promise.resolve(ok(undefined)) }))) as AskToRead,
    gather: gatherInspection,
    trafficOf,
    sink: bundleDirectory,
    captures: bundledCaptures,
    zip: zipBundle,
    note: (progress: Progress) => void noted.push(progress),
  };
  const out = join(root, 'bundle');
  const args = { config, from: '2026-02-01', to: '2026-02-28', data: undefined, captures: undefined, out, json: true };
  return {
    root,
    layout,
    args,
    io,
    told,
    noted,
    operations,
    setClock: (text: string) => {
      now = at(text);
    },
    out,
    lines: (name: string) => readFileSync(join(out, name), 'utf8').trimEnd().split('\n'),
  };
}

test('the index opens from disk, every link leads to a file, every file keeps its checksum', async () => {
  const { args, io, out, told } = await installation();
  expect(await inspectionCommand(args, io)).toBe(0);
  expect(JSON.parse(told.out[0] ?? '')).toMatchObject({
    logs: [
      { name: 'operations', first: 1, end: 4 },
      { name: 'alerts', first: 0, end: 1 },
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

test('programs that know the published formats only check the logs of a bundle, offline; so does `log verify --bundle`', async () => {
  const { args, io, out, told, operations } = await installation();
  expect(await inspectionCommand({ ...args, from: '2026-01-01', to: '2026-03-31' }, io)).toBe(0);
  const key = keyOfVkey(readFileSync(join(out, 'logs/keys/operations.vkey'), 'utf8'));
  expect(checkTiles(join(out, 'logs/operations'), 'tongguan.example/operations', key)).toHaveLength(
    operations.head().size,
  );
  expect(checkSums(out)).toBeGreaterThan(20);
  expect(logVerifyCommand({ data: undefined, bundle: out, json: true }, io)).toBe(0);
  expect(JSON.parse(told.out.at(-1) ?? '')).toMatchObject({
    ok: true,
    logs: [
      { name: 'alerts', size: 1, first: 0, end: 1 },
      { name: 'operations', first: 0, end: operations.head().size },
    ],
  });
});

test('registers stand as at the last entry of the time by its place, whatever the clock said', async () => {
  const { args, io, lines, operations, setClock } = await installation();
  setClock('2026-02-20T00:00:00Z');
  const after = { ...entryOf('processor', { name: 'Entered with the clock set back' }), version: 4 };
  operations.append([{ kind: 'register', transferId: '', actor: 'alice', document: { act: 'replace', after } }]);
  await inspectionCommand(args, io);
  expect(JSON.parse(lines('registers/processor.ndjson')[0] ?? '')).toMatchObject({ version: 4 });
  expect(lines('changes.ndjson').map((line) => JSON.parse(line).document.after.version)).toEqual([2, 3, 4]);
});

test('captures are those under way within the time by the list, not by the dates of files; a .zip holds the same', async () => {
  const { root, args, io, told, noted, out } = await installation();
  const captures = join(root, 'captures');
  capturesIn(captures, [
    ['2026-01-31T15:59:00Z', '2026-01-31T16:00:00Z'],
    ['2026-02-10T00:00:00Z', '2026-02-10T00:01:00Z'],
    ['2026-02-28T16:00:00Z', '2026-02-28T16:00:01Z'],
  ]);
  expect(await inspectionCommand({ ...args, captures, out: `${out}.zip` }, io)).toBe(0);
  expect(existsSync(`${out}.zip.parts`)).toBe(false);
  const { sha256, captures: connections } = JSON.parse(told.out[0] ?? '') as { sha256: string; captures: number };
  expect(connections).toBe(2);
  const digest = createHash('sha256').update(readFileSync(`${out}.zip`));
  expect(digest.digest('hex')).toBe(sha256);
  const list = execFileSync('python3', ['-m', 'zipfile', '-l', `${out}.zip`], { encoding: 'utf8' });
  expect([...list.matchAll(/captures\/(\S+)/g)].map(([, name]) => name)).toEqual([
    segmentFile(0, 1),
    segmentFile(1, 1),
    'connections.ndjson',
  ]);
  for (const name of ['index.html', 'SHA256SUMS', 'logs/alerts/checkpoint']) expect(list).toContain(name);
  expect(readdirSync(captures)).not.toContain('index.sqlite');
  expect(noted.map(({ step }) => step).filter((step, at, all) => step !== all[at - 1])).toEqual([
    ...['logs', 'captures', 'packing'],
  ]);
});

test('a capture that is not as the list has it, and a list that was changed, give no bundle', async () => {
  const { root, args, io, told, out } = await installation();
  const captures = join(root, 'captures');
  capturesIn(captures, [['2026-02-10T00:00:00Z', '2026-02-10T00:01:00Z']]);
  writeFileSync(join(captures, segmentFile(0, 1)), 'swapped');
  expect(await inspectionCommand({ ...args, captures }, io)).toBe(1);
  writeFileSync(join(captures, 'connections.ndjson'), '{}\n');
  expect(await inspectionCommand({ ...args, captures }, io)).toBe(1);
  expect(told.err.join('')).toMatch(/CAPTURE_CHANGED.*CAPTURE_LIST_CHANGED/s);
  expect(existsSync(out)).toBe(false);
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
