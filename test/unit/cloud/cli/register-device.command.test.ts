import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cloudYaml } from '../../../../bin/up/configs.ts';
import { layoutOf } from '../../../../bin/up/layout.ts';
import { sqliteDeviceRegister } from '../../../../cloud/adapters/sqlite-device-register.ts';
import { registerDeviceCommand } from '../../../../cloud/cli/register-device.command.ts';
import { NOW } from '../../../support/cloud/batches.ts';
import { testDevice } from '../../../support/cloud/devices.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';

const [first, second] = [testDevice(1), testDevice(2)];
const lineOf = ({ vin, publicKeyPem }: typeof first): string => JSON.stringify({ vin, publicKey: publicKeyPem });

function importing(text: string) {
  const layout = layoutOf(scratchDirectory());
  mkdirSync(layout.cloud('stores'), { recursive: true });
  const [config, file] = [join(layout.root, 'cloud.yaml'), join(layout.root, 'devices.ndjson')];
  writeFileSync(config, cloudYaml(layout, 4_433, NOW));
  writeFileSync(file, text);
  const register = sqliteDeviceRegister(layout.cloud('stores/devices.sqlite'));
  const [out, err] = [[] as string[], [] as string[]];
  const io = {
    environment: {},
    out: (line: string) => void out.push(line),
    err: (line: string) => void err.push(line),
  };
  const add = (_file: string, devices: Parameters<typeof register.add>[0]) => register.add(devices);
  const status = registerDeviceCommand({ config, file, json: true }, { ...io, add });
  const found = [first, second].map(({ registered }) => register.find(registered.device)?.vin.reveal());
  register.close();
  return { status, out, err: err.join('\n'), found };
}

test('devices are registered in bulk, a line each with its VIN and key', () => {
  const { status, out, found } = importing(`${lineOf(first)}\n${lineOf(second)}\n`);
  expect([status, JSON.parse(out[0] ?? '')]).toEqual([0, { added: 2, known: 0 }]);
  expect(found).toEqual([first.vin, second.vin]);
});

test.each([
  ['no object', `${lineOf(first)}\n[]\n`],
  ['a VIN that is none', `${lineOf(first)}\n${lineOf(second).replace(second.vin, 'LTG0000000000000I')}\n`],
  ['a key that is none', `${lineOf(first)}\n${JSON.stringify({ vin: second.vin, publicKey: 'a key' })}\n`],
  ['a field more', `${lineOf(first).replace('{', '{"note":1,')}\n`],
  ['a VIN alone', `${lineOf(first)}\n${second.vin}\n`],
  ['half a line', `${lineOf(first)}\n${lineOf(second).slice(0, 60)}`],
])('with %s nothing of a list is registered, and no VIN is said', (_, text) => {
  const { status, err, found } = importing(text);
  expect([status === 0, found]).toEqual([false, [undefined, undefined]]);
  expect(err).toContain('DEVICE_LIST');
  for (const { vin } of [first, second]) expect(err).not.toContain(vin);
});
