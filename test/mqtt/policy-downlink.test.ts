import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { deviceAt } from '../support/cloud/ingress.ts';
import { serveGateway } from '../support/cloud/served.ts';
import { until } from '../support/cloud/until.ts';
import { signedBundle } from '../support/edge/policies.ts';
import { startCar } from '../support/loss/car.ts';

const directory = mkdtempSync(join(tmpdir(), 'tongguan-policy-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

let current: Uint8Array | undefined;
const cloud = await serveGateway({ directory, devices: 2, policy: () => current });

const plain = (bundles: readonly Uint8Array[]) => bundles.map((bytes) => [...bytes]);

test('a vehicle is told the policy when it connects, and a new one while it listens; acknowledgements go on', async () => {
  current = signedBundle({ version: 1 });
  const car = startCar(deviceAt(cloud, 0), cloud.url, cloud.authority);
  await until(() => car.policies.length === 1);
  const next = signedBundle({ version: 2 });
  cloud.sendPolicy(next);
  car.drive(20);
  await until(() => car.policies.length === 2 && car.spools.status().framesWaiting === 0);
  expect(plain(car.policies)).toEqual(plain([current, next]));
});

test('without one nothing is told', async () => {
  current = undefined;
  const car = startCar(deviceAt(cloud, 1), cloud.url, cloud.authority);
  car.drive(20);
  await until(() => car.drain.isConnected() && car.spools.status().framesWaiting === 0);
  expect(car.policies).toEqual([]);
});
