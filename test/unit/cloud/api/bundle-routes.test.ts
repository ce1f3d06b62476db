import { createHash, createPublicKey } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import JSZip from 'jszip';
import { afterAll, assert, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { segmentFile } from '../../../../cloud/capture/segment.ts';
import { bundleThread } from '../../../../cloud/inspection/bundle-thread.ts';
import { readLog } from '../../../../cloud/log/read-log.ts';
import { verifyBundle } from '../../../../cloud/log/verify-bundle.ts';
import { writeBundle } from '../../../../cloud/log/write-bundle.ts';
import type { KeptBundle } from '../../../../cloud/ports/bundle-shelf.ts';
import { capturesIn } from '../../../support/capture/captures-in.ts';
import { type ConsoleWorld, consoleWorld } from '../../../support/cloud/api/console-world.ts';
import { compiledProgram } from '../../../support/compiled.ts';

const PERIOD = { from: '2026-11-01', until: '2026-11-30' };
const DAY_MS = 86_400_000;

let world: ConsoleWorld;
let auditor: Awaited<ReturnType<ConsoleWorld['logIn']>>;
const ends: (() => Promise<void>)[] = [];
beforeAll(async () => {
  world = await consoleWorld({}, (end) => void ends.push(end));
  await world.account('audit', ['auditor']);
  auditor = await world.logIn('audit');
});
afterAll(async () => {
  for (const end of ends) await end();
});

type Session = typeof auditor;

/** Asks for a bundle and waits for its end. */
async function bundle(period = PERIOD) {
  const asked = await auditor.send('POST', '/inspections', period);
  expect(asked.statusCode, asked.body).toBe(200);
  return ready(auditor, asked.json<KeptBundle>().id);
}

async function ready({ get }: Session, id: string, path = '/inspections') {
  const ended = async () => {
    const one = (await get(`${path}/${id}`)).json<KeptBundle>();
    return one.state === 'under-way' ? undefined : one;
  };
  const one = await vi.waitUntil(ended, { timeout: 60_000, interval: 20 });
  assert(one.state === 'ready', JSON.stringify(one));
  return one;
}

test('a bundle is asked for, made, and given whole and by ranges; who asked and what came of it is in the log', async () => {
  const from = world.end();
  const made = await bundle();
  const whole = await auditor.get(`/inspections/${made.id}/bundle`);
  const bytes = whole.rawPayload;
  expect([bytes.length, createHash('sha256').update(bytes).digest('hex')]).toEqual([made.bytes, made.sha256]);
  expect(whole.headers).toMatchObject({
    'content-disposition': 'attachment; filename="inspection-2026-11-01-2026-11-30.zip"',
    ...{ 'cache-control': 'no-store', 'content-type': 'application/zip', 'accept-ranges': 'bytes' },
  });
  const part = await auditor.get(`/inspections/${made.id}/bundle`, {
    headers: { ...auditor.headers, range: 'bytes=2-9' },
  });
  expect([part.statusCode, part.headers['content-range']]).toEqual([206, `bytes 2-9/${made.bytes}`]);
  expect(part.rawPayload.equals(bytes.subarray(2, 10))).toBe(true);
  const { bytes: size, sha256 } = made;
  expect(world.entries('read', from)).toMatchObject([{ actor: 'audit', detail: { kind: 'inspection', ...PERIOD } }]);
  expect(world.entries('read-ended', from)).toMatchObject([{ actor: 'audit', detail: { bytes: size, sha256 } }]);
  expect(world.entries('data-read', from)).toHaveLength(2);
  await auditor.send('DELETE', `/inspections/${made.id}`);
  expect((await auditor.get(`/inspections/${made.id}/bundle`)).statusCode).toBe(404);
});

test('while one is made another waits; four are kept, each for a day', async () => {
  const [first, second] = await Promise.all([
    auditor.send('POST', '/inspections', PERIOD),
    auditor.send('POST', '/inspections', PERIOD),
  ]);
  expect([first.statusCode, second.json().code]).toEqual([200, 'BUNDLE_BUSY']);
  const { id } = first.json<KeptBundle>();
  await ready(auditor, id);
  for (let more = 0; more < 3; more += 1) await bundle();
  expect((await auditor.send('POST', '/inspections', PERIOD)).json().code).toBe('BUNDLE_FULL');
  expect((await auditor.get('/inspections')).json().inspections).toHaveLength(4);
  world.wait(DAY_MS);
  auditor = await world.logIn('audit');
  expect((await auditor.get('/inspections')).json()).toEqual({ inspections: [] });
  expect((await auditor.get(`/inspections/${id}/bundle`)).json().code).toBe('BUNDLE_UNKNOWN');
});

test.each([
  [{ from: '2026-11-30', until: '2026-11-01' }],
  [{ from: '2016-01-01', until: '2026-11-01' }],
  [{ from: '2026-11-01' }],
  [{ ...PERIOD, out: '/tmp/elsewhere' }],
])('%o is no period', async (body) => {
  expect((await auditor.send('POST', '/inspections', body)).statusCode).toBe(400);
});

test('whoever is abroad is told of no bundle and given none, though they asked for it at home; it is reported', async () => {
  await world.account('mover', ['auditor']);
  const mover = await world.logIn('mover');
  const { id } = (await mover.send('POST', '/inspections', PERIOD)).json<KeptBundle>();
  await ready(mover, id);
  world.enter('mover', { resident: 'SG' });
  const from = world.end();
  const answers = [
    await mover.get(`/inspections/${id}/bundle`),
    await mover.get(`/inspections/${id}/bundle`, { headers: { ...mover.headers, range: 'bytes=0-0' } }),
    await mover.get('/inspections'),
    await mover.send('POST', '/inspections', PERIOD),
  ];
  for (const answer of answers) expect(answer.json().code).toBe('ACCESS_OVERSEAS');
  expect(world.entries('access-refused', from)[0]).toMatchObject({ account: 'mover', manner: 'read-from-abroad' });
  const abroad = await auditor.get(`/inspections/${id}/bundle`, { remoteAddress: '203.0.113.9' });
  expect(abroad.json().code).toBe('ACCESS_ADDRESS');
  await auditor.send('DELETE', `/inspections/${id}`);
});

test('a thread makes it and says how far it is; one that is ended, or dies, gives a fault and leaves nothing', async () => {
  const make = bundleThread(pathToFileURL(compiledProgram('cloud/inspection/bundle-worker.ts')));
  const { job, left } = world.inspection(PERIOD);
  const kind = 'inspection';
  const shares: number[] = [];
  const made = await make({ kind, job }, ({ share }) => void shares.push(share), new AbortController().signal);
  assert(made.ok, JSON.stringify(made));
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares.at(-1)).toBeGreaterThan(0.8);
  expect(left()).toEqual(['bundle.zip']);
  const ended = new AbortController();
  const other = { ...job, out: `${job.out}.2.zip` };
  const stopped = make({ kind, job: other }, () => ended.abort(), ended.signal);
  expect(await stopped).toMatchObject({ ok: false, fault: { code: 'BUNDLE_NOT_MADE' } });
  const unreadable = await make(
    { kind, job: { ...other, logDirectory: 7 as unknown as string } },
    () => undefined,
    new AbortController().signal,
  );
  expect(unreadable).toMatchObject({ ok: false, fault: { code: 'BUNDLE_NOT_MADE' } });
  expect(left()).toEqual(['bundle.zip']);
});

/** Asks for a bundle of another kind, waits for its end, and unpacks it. */
async function unpacked(path: string, wish: object) {
  const asked = await auditor.send('POST', path, wish);
  expect(asked.statusCode, asked.body).toBe(200);
  const one = await ready(auditor, asked.json<KeptBundle>().id, path);
  const file = await auditor.get(`${path}/${one.id}/bundle`);
  expect(createHash('sha256').update(file.rawPayload).digest('hex')).toBe(one.sha256);
  const directory = mkdtempSync(join(tmpdir(), 'tongguan-bundle-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const zip = await JSZip.loadAsync(file.rawPayload);
  for (const { name, async } of Object.values(zip.files).map((one) => ({
    name: one.name,
    async: one.async.bind(one),
  }))) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), await async('nodebuffer'));
  }
  return { one, directory, disposition: file.headers['content-disposition'] };
}

test('logs of some days are one file, which verifies by itself; asking, what came of it, and fetching are in the log', async () => {
  const from = world.end();
  const { one, directory, disposition } = await unpacked('/log-bundles', PERIOD);
  expect(disposition).toBe('attachment; filename="logs-2026-11-01-2026-11-30.zip"');
  const verified = verifyBundle(directory);
  assert(verified.ok, JSON.stringify(verified));
  expect(verified.value.map(({ name }) => name)).toEqual(expect.arrayContaining(['alerts', 'operations']));
  expect(verified.value.find(({ name }) => name === 'operations')?.end).toBeGreaterThan(from);
  const about = { actor: 'audit', reading: 'logs', command: 'log bundle' };
  expect(world.entries('read', from)).toMatchObject([{ ...about, detail: { from: PERIOD.from, to: PERIOD.until } }]);
  expect(world.entries('read-ended', from)).toMatchObject([{ ...about, detail: { sha256: one.sha256 } }]);
  expect(world.entries('data-read', from)).toHaveLength(1);
  expect((await auditor.get('/inspections')).json().inspections).not.toContainEqual(
    expect.objectContaining({ id: one.id }),
  );
  expect((await auditor.get(`/inspections/${one.id}`)).json().code).toBe('BUNDLE_UNKNOWN');
});

const TIME = { from: '2026-11-10T00:00:00+08:00', to: '2026-11-11T00:00:00+08:00', reason: 'monthly review' };

test('sealed captures of a time and an address are one file as they lie at the border; who asked and why is in the log', async () => {
  capturesIn(world.captures, [
    ['2026-11-10T01:00:00Z', '2026-11-10T02:00:00Z', '192.0.2.1'],
    ['2026-11-10T01:00:00Z', '2026-11-10T02:00:00Z', '203.0.113.9'],
    ['2026-11-12T01:00:00Z', '2026-11-12T02:00:00Z', '192.0.2.1'],
  ]);
  const from = world.end();
  const { one, directory } = await unpacked('/capture-bundles', { ...TIME, cidr: '192.0.2.0/24' });
  expect(one).toMatchObject({ captures: 1, files: 3, cidr: '192.0.2.0/24' });
  expect(readdirSync(join(directory, 'captures')).sort()).toEqual(['000000000000-00001.segment', 'connections.ndjson']);
  const copied = readFileSync(join(directory, 'captures', segmentFile(0, 1)));
  expect(copied.equals(readFileSync(join(world.captures, segmentFile(0, 1))))).toBe(true);
  expect(readFileSync(join(directory, 'SHA256SUMS'), 'utf8')).toContain(
    `${createHash('sha256').update(copied).digest('hex')}  captures/${segmentFile(0, 1)}`,
  );
  expect(world.entries('read', from)).toMatchObject([
    {
      actor: 'audit',
      reading: 'traffic',
      command: 'traffic export',
      reason: 'monthly review',
      detail: { form: 'sealed' },
    },
  ]);
  expect(world.entries('data-read', from)).toHaveLength(1);
  const none = await auditor.send('POST', '/capture-bundles', { ...TIME, cidr: '198.51.100.1' });
  const ended = await vi.waitUntil(async () => {
    const now = (await auditor.get(`/capture-bundles/${none.json<KeptBundle>().id}`)).json<KeptBundle>();
    return now.state === 'under-way' ? undefined : now;
  });
  expect(ended).toMatchObject({ state: 'failed', fault: { code: 'BUNDLE_NOT_MADE' } });
});

test('a segment that is not as the list has it is handed out to nobody', async () => {
  capturesIn(world.captures, [['2026-11-10T01:00:00Z', '2026-11-10T02:00:00Z']]);
  writeFileSync(join(world.captures, segmentFile(0, 1)), 'swapped');
  const { id } = (await auditor.send('POST', '/capture-bundles', TIME)).json<KeptBundle>();
  const ended = await vi.waitUntil(async () => {
    const now = (await auditor.get(`/capture-bundles/${id}`)).json<KeptBundle>();
    return now.state === 'under-way' ? undefined : now;
  });
  expect(ended).toMatchObject({ state: 'failed', fault: { code: 'CAPTURE_CHANGED' } });
});

test.each([
  [{ ...TIME, reason: '' }],
  [{ ...TIME, reason: 'about LSVAA4182E2184847' }],
  [{ from: TIME.to, to: TIME.from, reason: 'r' }],
  [{ ...TIME, cidr: '192.0.2.1/24' }],
  [{ from: TIME.from, reason: 'r' }],
])('%o asks for no captures', async (wish) => {
  expect((await auditor.send('POST', '/capture-bundles', wish)).statusCode).toBe(400);
});

test('logs that would be more than fits are no bundle, and nothing is left of it', async () => {
  const { job } = world.inspection(PERIOD, 'too-much');
  const logs = job.logs.map((log) => ({ ...log, publicKey: createPublicKey(log.publicKey) }));
  const read = logs.map((place) => {
    const log = readLog(place);
    assert(log.ok);
    return { ...place, log: log.value };
  });
  expect(() => writeBundle({ out: `${job.out}.parts`, logs: read, bytesMax: 64 })).toThrow(/more than 64 bytes/);
  for (const { log } of read) log.close();
});
