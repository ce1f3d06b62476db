import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sqliteDeviceRegister } from '../../../../cloud/adapters/sqlite-device-register.ts';
import { sqlitePolicyArchive } from '../../../../cloud/adapters/sqlite-policy-archive.ts';
import { openShared } from '../../../../cloud/composition/open-shared.ts';
import { CloudConfig } from '../../../../cloud/config/config.ts';
import { readConfig } from '../../../../proto/config/read-config.ts';
import { assert } from '../../../../proto/words/result.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { testDevice } from '../../../support/cloud/devices.ts';
import { installedCloud } from '../../../support/cloud/installed-cloud.ts';
import { signedBundle } from '../../../support/edge/policies.ts';

const NOW = Date.UTC(2026, 10, 22) as Instant;
const LOOKS_MAX = 400;
const device = testDevice(1);

/** A worker, and the process that leads, over the files of one machine. */
function twoProcesses() {
  const { config, layout } = installedCloud(NOW);
  mkdirSync(layout.cloud('stores'), { recursive: true });
  const loaded = readConfig(CloudConfig, config, 'cloud', {});
  assert(loaded.ok, 'the configuration of a test is good');
  const register = sqliteDeviceRegister(join(layout.cloud('stores'), 'devices.sqlite'));
  const policies = sqlitePolicyArchive(join(layout.cloud('stores'), 'policies.sqlite'));
  register.add([{ vin: device.vin, publicKey: device.publicKeyPem }]);
  const worker = openShared(loaded.value, { now: () => NOW }, undefined);
  assert(worker.ok, 'files are there');
  for (const one of [worker.value, register, policies]) onTestFinished(() => one.close());
  onTestFinished(worker.value.follow({ fault: () => undefined }));
  return { worker: worker.value.stores, register, policies };
}

async function until(isSo: () => boolean): Promise<void> {
  for (let looks = 0; !isSo() && looks < LOOKS_MAX; looks += 1) await new Promise((resolve) => setTimeout(resolve, 25));
  expect(isSo()).toBe(true);
}

test('over files a worker hears of a device that is believed less, and of policies, while it runs', async () => {
  const { worker, register, policies } = twoProcesses();
  expect(worker.register.trustOf(1)).toBe('trusted');
  expect(worker.policies.find('tour', 1)).toEqual([]);
  const { registered } = device;
  register.setTrust({ device: registered.device, at: NOW, person: 'alice', reason: 'seen abroad', to: 'barred' });
  policies.keep(signedBundle({ id: 'tour', version: 1 }), NOW);
  await until(() => worker.register.trustOf(1) === 'barred');
  await until(() => worker.policies.find('tour', 1).length === 1);
  expect(worker.register.find(registered.device)?.number).toBe(1);
});
