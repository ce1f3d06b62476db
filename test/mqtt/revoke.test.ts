import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { sqliteDeviceRegister } from '../../cloud/adapters/sqlite-device-register.ts';
import { createRegisterWatch } from '../../cloud/register-watch.ts';
import { ok } from '../../proto/words/result.ts';
import { NOW } from '../support/cloud/batches.ts';
import { deviceAt } from '../support/cloud/ingress.ts';
import { connectPacket, dial, TYPE } from '../support/cloud/raw-mqtt.ts';
import { serveGateway } from '../support/cloud/served.ts';
import { until } from '../support/cloud/until.ts';

const directory = mkdtempSync(join(tmpdir(), 'tongguan-revoke-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const cloud = await serveGateway({ directory, devices: 2 });
const entries: string[] = [];
const watch = createRegisterWatch({
  register: cloud.stores.register,
  operations: {
    append: (added) => {
      entries.push(...added.map(({ kind }) => kind));
      return ok({ firstIndex: 0, leafHashes: [] });
    },
  },
  cutOff: cloud.cutOff,
  onLowered: () => undefined,
  onFault: () => undefined,
});

async function connect(at: number, says = true) {
  const raw = await dial(cloud, deviceAt(cloud, at).identity);
  onTestFinished(() => void raw.socket.destroy());
  if (says) {
    raw.write(connectPacket({}));
    expect(await raw.next(TYPE.connack)).toBeDefined();
  }
  return raw;
}

test('a device that a command revokes loses its connections, silent ones too, is refused from then on, and nobody else is', async () => {
  const [talking, silent, other] = [await connect(0), await connect(0, false), await connect(1)];
  watch.look();
  expect([talking, silent, other].map(({ socket }) => socket.destroyed)).toEqual([false, false, false]);
  const command = sqliteDeviceRegister(join(directory, 'devices.sqlite'));
  command.revoke({ device: deviceAt(cloud, 0).registered.device, at: NOW, person: 'li.wei', reason: 'sold' });
  command.close();
  watch.look();
  await until(() => talking.socket.destroyed && silent.socket.destroyed);
  expect(other.socket.destroyed).toBe(false);
  expect(entries).toEqual(['device-revoked']);
  const again = await dial(cloud, deviceAt(cloud, 0).identity);
  await until(() => again.socket.destroyed);
  expect(cloud.refusals.map(({ reason }) => reason)).toEqual(['device-revoked', 'device-revoked', 'device-unknown']);
});
