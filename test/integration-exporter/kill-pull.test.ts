import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../bin/up/free-port.ts';
import { type Border, createBorder, putParcel, sha256Hex } from './support/border.ts';
import { bundleRoles } from './support/bundled.ts';
import { cloudSide } from './support/cloud-side.ts';
import type { Compiled } from './support/compiled.ts';
import { spawnExporter } from './support/processes.ts';
import { dialPull, fetchPull, PULL_ENDPOINT, receiptFor, writePullConfig } from './support/pull-client.ts';
import { readTraffic, returned, until, verifyTraffic } from './support/running.ts';

const PERSONS = 3;
const DATA = randomBytes(4_000_000);
const BASE = '/v1/transfers/t-1';
const FILE = { path: `${BASE}/files/data.bin` };

let program: Compiled;
let border: Border;
beforeAll(async () => {
  program = await bundleRoles();
  const made = await createBorder();
  // The recipient is a client here.
  border = { ...made, recipient: await made.authority.issue('recipient', 'client') };
});
afterAll(() => border.remove());

test('kill -9 of either side at each step of a fetch: what came is gone on with, the permit serves once, it counts once', {
  timeout: 240_000,
}, async () => {
  const port = await freePort();
  const path = await writePullConfig(border, { host: '127.0.0.1', port });
  const cloud = cloudSide(border);
  cloud.permit('t-1', PERSONS);
  const permit = putParcel(border, { id: 't-1', endpoint: PULL_ENDPOINT, files: { 'data.bin': DATA } });
  const start = async () => {
    const exporter = spawnExporter(program, path);
    await until(() => exporter.lines().includes('at port'));
    return exporter;
  };
  const expectOpen = (step: string) => {
    cloud.settle();
    expect(verifyTraffic(border).ok, step).toBe(true);
    expect([cloud.stateOf('t-1'), cloud.counted(), cloud.closed], step).toEqual(['permitted', PERSONS, []]);
  };

  const first = await start();
  const silent = dialPull(border, port);
  await new Promise((resolve) => silent.once('secureConnect', resolve));
  await first.kill();
  expectOpen('the line stands and nothing was asked');

  const second = await start();
  const manifest = (await fetchPull(border, port, { path: `${BASE}/manifest` })).body;
  expect(sha256Hex(manifest)).toBe(Buffer.from(permit.manifestSha256).toString('hex'));
  let got = (await fetchPull(border, port, FILE, { bytes: 500_000, stall: second.kill })).body;
  expectOpen('in the middle of a file');

  const third = await start();
  const more = await fetchPull(border, port, { ...FILE, from: got.length }, { bytes: 500_000, stall: third.kill });
  expect(more.status).toBe(206);
  got = Buffer.concat([got, more.body]);
  expectOpen('once more, in a range');

  // The recipient dies and comes back: its transfer is free again, at the same process of the exporter.
  const fourth = await start();
  const dead = dialPull(border, port);
  dead.write(`GET ${FILE.path} HTTP/1.1\r\nhost: a\r\n\r\n`);
  await new Promise((resolve) => dead.once('data', resolve));
  dead.destroy();
  const rest = await fetchPull(border, port, { ...FILE, from: got.length });
  got = Buffer.concat([got, rest.body]);
  expect(got.equals(DATA), 'put together from three lines').toBe(true);
  await fourth.kill();
  expectOpen('all of it is there and nobody has said so');

  // Killed as soon as the receipt is on its way: it is in the log or it is not, and the recipient sends it until it is.
  const receipt = { path: `${BASE}/receipt`, body: receiptFor(border, permit, manifest.length + DATA.length) };
  const fifth = await start();
  const before = readLogSize();
  const hurried = fetchPull(border, port, receipt);
  await until(() => readLogSize() > before);
  await fifth.kill();
  await hurried;
  expect(verifyTraffic(border).ok).toBe(true);

  const last = await start();
  expect([204, 404]).toContain((await fetchPull(border, port, receipt)).status);
  expect(await returned(border, 't-1')).toMatchObject({ outcome: 'delivered' });
  expect((await fetchPull(border, port, FILE)).status, 'once it is delivered').toBe(404);
  expect(await last.stop()).toBe(0);
  for (let looks = 0; looks < 2; looks += 1) cloud.settle();
  expect([cloud.stateOf('t-1'), cloud.counted(), cloud.closed]).toEqual(['delivered', PERSONS, ['closed t-1']]);
  cloud.shut();
  expectOneUse();
});

function readLogSize(): number {
  const verified = verifyTraffic(border);
  return verified.ok ? verified.value.size : 0;
}

/** One intent and one delivery, attempts without a gap, every line opened and ended once. */
function expectOneUse(): void {
  const entries = readTraffic(border);
  const ofKind = (wanted: string) => entries.filter(({ kind }) => kind === wanted);
  expect([ofKind('intent').length, ofKind('delivered').length, ofKind('refused').length]).toEqual([1, 1, 0]);
  const attempts = ofKind('attempt').map(({ document }) => document['attempt']);
  expect(attempts).toEqual(attempts.map((_, at) => at + 1));
  expect(ofKind('connection')).toHaveLength(ofKind('connection-open').length);
  const lost = ofKind('connection').filter(({ document }) => document['ended'] === 'PROCESS_KILLED');
  expect(lost.length, 'lines that a kill broke off').toBeGreaterThanOrEqual(3);
}
