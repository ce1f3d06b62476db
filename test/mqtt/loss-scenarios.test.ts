import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { ACKNOWLEDGE_TIMEOUT_MS } from '../../edge/drain.ts';
import type { ConnectingDevice } from '../support/cloud/certificates.ts';
import { fillable } from '../support/cloud/fillable.ts';
import { deviceAt } from '../support/cloud/ingress.ts';
import { RECORDS, type RecordRow, rowsIn } from '../support/cloud/rows.ts';
import { serveGateway } from '../support/cloud/served.ts';
import { until } from '../support/cloud/until.ts';
import { later } from '../support/edge/candidates.ts';
import { policyOf } from '../support/edge/policies.ts';
import { startCar } from '../support/loss/car.ts';
import { openLink } from '../support/loss/link.ts';

// How products of this kind have lost data in the field, each as a test. L8 stands in test/mqtt/hostile.test.ts (a subscriber
// that stops reading), L9 in test/unit/edge/adapters/sqlite-spool-power-cut.test.ts.

const directory = mkdtempSync(join(tmpdir(), 'tongguan-loss-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const disk = fillable();
const cloud = await serveGateway({
  directory,
  devices: 7,
  between: disk.between,
});

const numberOf = (by: ConnectingDevice): number => cloud.stores.register.find(by.registered.device)?.number ?? 0;

/** Sequences of one vehicle in the zone, in order: a duplicate stands there twice, a gap is missing. */
const stored = (by: ConnectingDevice): readonly number[] =>
  rowsIn<RecordRow>(directory, 'personal', RECORDS)
    .filter(({ device }) => device === numberOf(by))
    .map(({ sequence }) => sequence);

const CUTS = 12;

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

async function carOn(at: number, settings = {}) {
  const by = deviceAt(cloud, at);
  const link = await openLink(cloud.port);
  const car = startCar(by, link.url, cloud.authority, settings);
  return { by, link, car, isDrained: () => car.spools.status().framesWaiting === 0 };
}

test('L1: a link that is cut silently while the backlog drains: nothing is deleted that was not acknowledged', async () => {
  const { by, link, car, isDrained } = await carOn(0);
  await until(() => car.drain.isConnected());
  link.freeze();
  car.drive(300);
  await sleep(200);
  expect(car.spools.status().framesWaiting).toBe(300);
  link.thaw();
  car.clock.now = later(car.clock.now, ACKNOWLEDGE_TIMEOUT_MS + 1);
  await until(isDrained);
  expect(stored(by)).toEqual(upTo(300));
});

test('L2: after a reconnect with no new traffic the backlog drains by itself', async () => {
  const { by, link, car, isDrained } = await carOn(1);
  await until(() => car.drain.isConnected());
  link.freeze();
  link.cut();
  await until(() => !car.drain.isConnected());
  car.drive(200);
  link.thaw();
  link.cut();
  await until(isDrained);
  expect(stored(by)).toEqual(upTo(200));
});

test('L3: while a backlog drains, live data goes first where that is configured, and everything arrives', async () => {
  const { by, link, car, isDrained } = await carOn(2, { order: 'live-first' });
  link.freeze();
  car.drive(1_500);
  link.thaw();
  link.cut();
  await until(() => car.drain.isConnected());
  car.drive(50);
  await until(() => stored(by).includes(1_549));
  expect(car.spools.status().framesWaiting).toBeGreaterThan(0);
  await until(isDrained);
  expect(stored(by)).toEqual(upTo(1_550));
});

test('L4: the same policy once more after a reconnect leaves the spool untouched', async () => {
  const { car, link } = await carOn(3);
  await until(() => car.drain.isConnected());
  link.freeze();
  car.drive(100);
  const before = [car.spools.status(), car.spools.of.statistics.nextSequence()];
  car.agent.usePolicy(policyOf());
  expect([car.spools.status(), car.spools.of.statistics.nextSequence()]).toEqual(before);
  expect(car.agent.removals()).toEqual({});
});

test('L5: a long run over a link that breaks again and again: nothing twice at the store, and no gap', async () => {
  const { by, link, car, isDrained } = await carOn(4);
  for (let cut = 0; cut < CUTS; cut += 1) {
    car.drive(80);
    await until(car.drain.isConnected);
    await sleep(cut % 7);
    link.cut();
    await until(() => !car.drain.isConnected());
  }
  await until(isDrained);
  expect(stored(by)).toEqual(upTo(CUTS * 80));
  expect(link.made()).toBeGreaterThanOrEqual(CUTS);
});

test('L6: a store that is full: no acknowledgement, the vehicle keeps and sends again, and after that the count is equal', async () => {
  const { by, car, isDrained } = await carOn(5);
  disk.fill(true);
  car.drive(120);
  await until(() => cloud.faults.length > 3);
  expect(car.spools.status().framesWaiting).toBe(120);
  const admitted = cloud.stores.ledger.totals().framesAdmitted;
  disk.fill(false);
  await until(isDrained);
  expect(stored(by)).toEqual(upTo(120));
  expect(cloud.stores.ledger.totals().framesAdmitted - admitted).toBe(120);
});

test('L7: a session that claims to be up and acknowledges nothing is told and opened anew', async () => {
  const { by, link, car, isDrained } = await carOn(6);
  await until(() => car.drain.isConnected());
  const before = link.made();
  link.freeze();
  car.drive(10);
  await sleep(50);
  expect([car.drain.isConnected(), car.faults]).toEqual([true, []]);
  link.thaw();
  car.clock.now = later(car.clock.now, ACKNOWLEDGE_TIMEOUT_MS + 1);
  await until(isDrained);
  expect(car.faults).toEqual(['UPLINK_SILENT']);
  expect(link.made()).toBeGreaterThan(before);
  expect(stored(by)).toEqual(upTo(10));
});
