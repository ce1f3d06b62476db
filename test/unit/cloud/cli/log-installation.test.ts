import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { cloudYaml } from '../../../../bin/up/configs.ts';
import { layoutOf } from '../../../../bin/up/layout.ts';
import { readInstallation } from '../../../../cloud/cli/log-installation.ts';
import { assert } from '../../../../proto/words/result.ts';
import { NOW } from '../../../support/cloud/batches.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';

/** An installation as `tongguan up` makes one, and its configuration once more in another place. */
function installation(changed: (config: Record<string, unknown>) => void = () => undefined) {
  const root = scratchDirectory();
  const layout = layoutOf(root);
  const config: Record<string, unknown> = { ...parse(cloudYaml(layout, 1, NOW)), recipients: [] };
  changed(config);
  for (const file of [layout.config('cloud.yaml'), layout.cloud('log.key'), layout.exporter('log.pub')])
    mkdirSync(join(file, '..'), { recursive: true });
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  for (const name of ['log.key', 'permit.key'])
    writeFileSync(layout.cloud(name), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(layout.exporter('log.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
  writeFileSync(layout.config('cloud.yaml'), stringify(config));
  writeFileSync(join(root, 'elsewhere.yaml'), stringify(config));
  return { root, elsewhere: join(root, 'elsewhere.yaml') };
}

const io = { environment: {} };

test('a configuration gives the logs that the data directory gives', () => {
  const { root, elsewhere } = installation();
  const [byData, byConfig] = [readInstallation({ data: root }, io), readInstallation({ config: elsewhere }, io)];
  assert(byData.ok && byConfig.ok, 'both are read');
  const places = byData.value.logs.map(({ name, directory, origin }) => ({ name, directory, origin }));
  expect(places.map(({ name }) => name)).toEqual(['operations', 'alerts', 'traffic']);
  expect(byConfig.value.logs).toMatchObject(places);
});

test('without the log of the exporter there is nothing to hold transfers against, and it is said', () => {
  const { elsewhere } = installation((config) => delete config['monitoring']);
  const read = readInstallation({ config: elsewhere }, io);
  expect(read).toMatchObject({ ok: false, fault: { code: 'INSTALLATION_UNREADABLE' } });
  expect(!read.ok && read.fault.problem.en).toContain('monitoring.trafficLog');
});

test.each([{}, { data: 'a', config: 'b' }])('%o names no one place', (place) => {
  expect(readInstallation(place, io)).toMatchObject({ ok: false, fault: { code: 'INSTALLATION_UNREADABLE' } });
});
