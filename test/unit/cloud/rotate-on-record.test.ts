import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLogs } from '../../../cloud/composition/open-logs.ts';
import { CloudConfig } from '../../../cloud/config/config.ts';
import { openLog } from '../../../cloud/log/open-log.ts';
import { rotateOnRecord } from '../../../cloud/rotate-on-record.ts';
import { readConfig } from '../../../proto/config/read-config.ts';
import { assert } from '../../../proto/words/result.ts';
import { NOW } from '../../support/cloud/batches.ts';
import { installedCloud } from '../../support/cloud/installed-cloud.ts';
import { scratchDirectory, scratchStores } from '../../support/cloud/stores.ts';

const clock = { now: () => NOW };

function scene() {
  const directory = scratchDirectory();
  scratchStores([], directory).close();
  const keys = join(directory, 'keys');
  const cloud = installedCloud(NOW, { stores: { directory }, zones: { keys, vaults: keys, read: [] } });
  const loaded = readConfig(CloudConfig, cloud.config, 'cloud', {});
  assert(loaded.ok, 'the configuration is good');
  const publicKey = () => readFileSync(join(keys, 'personal.pub'), 'utf8');
  return { cloud, loaded: loaded.value, publicKey };
}

test('a rotation is in the operations log before and after, with who and both keys, and is a change of permissions', () => {
  const { cloud, loaded, publicKey } = scene();
  const before = publicKey();
  expect(rotateOnRecord('personal', loaded, { clock, uid: process.getuid?.() })).toMatchObject({ ok: true });
  expect(publicKey()).not.toBe(before);
  const [begun, done] = cloud.entries('operations');
  expect([begun, done]).toMatchObject([
    { kind: 'zone-rotate', actor: 'tour', document: { zone: 'personal', operation: { permissionChange: true } } },
    { kind: 'zone-rotated', actor: 'tour', document: { zone: 'personal', before: begun?.document['before'] } },
  ]);
  expect(done?.document['after']).not.toBe(begun?.document['before']);
});

test('while a cloud has the log nothing is rotated; an account that nobody listed is named by its number', () => {
  const { cloud, loaded, publicKey } = scene();
  const before = publicKey();
  const running = openLogs(loaded.config, loaded.path, clock, openLog);
  assert(running.ok, 'the logs open');
  expect(rotateOnRecord('personal', loaded, { clock, uid: 54_321 })).toMatchObject({ fault: { code: 'LOG_IN_USE' } });
  expect(publicKey()).toBe(before);
  running.value.operations.close();
  running.value.alerts.close();
  expect(rotateOnRecord('personal', loaded, { clock, uid: 54_321 })).toMatchObject({ ok: true });
  expect(cloud.entries('operations')[0]).toMatchObject({ actor: 'uid-54321' });
});

test('what cannot be entered is not done: the key stays', () => {
  const { cloud, loaded, publicKey } = scene();
  const before = publicKey();
  // The next tree head has nowhere to go.
  mkdirSync(join(cloud.layout.cloud('log'), 'operations', 'checkpoint.tmp'));
  expect(rotateOnRecord('personal', loaded, { clock, uid: 54_321 })).toMatchObject({ ok: false });
  expect(publicKey()).toBe(before);
});
