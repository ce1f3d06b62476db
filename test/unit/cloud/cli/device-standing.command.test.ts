import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cloudYaml } from '../../../../bin/up/configs.ts';
import { layoutOf } from '../../../../bin/up/layout.ts';
import { sqliteDeviceRegister } from '../../../../cloud/adapters/sqlite-device-register.ts';
import { deviceStandingCommand, type StandingOrder } from '../../../../cloud/cli/device-standing.command.ts';
import type { StoresOf } from '../../../../cloud/database/open-postgres.ts';
import { findToldSpools } from '../../../../cloud/find-told-spools.ts';
import { ok } from '../../../../proto/words/result.ts';
import { NOW } from '../../../support/cloud/batches.ts';
import { testDevice } from '../../../support/cloud/devices.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';

const device = testDevice(1);
const name = device.registered.device;

function installation() {
  const layout = layoutOf(scratchDirectory());
  mkdirSync(layout.cloud('stores'), { recursive: true });
  const config = join(layout.root, 'cloud.yaml');
  writeFileSync(config, cloudYaml(layout, 4_433, NOW));
  const register = sqliteDeviceRegister(layout.cloud('stores/devices.sqlite'));
  register.add([{ vin: device.vin, publicKey: device.publicKeyPem }]);
  register.close();
  return async (order: StandingOrder, json = true) => {
    const [out, err] = [[] as string[], [] as string[]];
    const io = {
      environment: {},
      clock: { now: () => NOW },
      out: (line: string) => void out.push(line),
      err: (line: string) => void err.push(line),
      access: () => Promise.resolve(ok({ account: 'ops', ended: () => Promise.resolve(ok(undefined)) })),
      open: sqliteDeviceRegister,
      openSpools: (loaded: StoresOf) => findToldSpools(loaded, { now: () => NOW }),
    };
    const status = await deviceStandingCommand({ config, json, order }, io);
    return { status, out: out.join('\n'), err: err.join('\n') };
  };
}

const who = { device: name, by: 'li.wei', reason: 'sold' } as const;
type Change = Partial<Record<'device' | 'by' | 'reason', string>>;
const revoke = (change: Change = {}): StandingOrder => ({ verb: 'revoke', ...who, ...change });
const trust = (to = 'watched'): StandingOrder => ({ verb: 'trust', to, ...who });

describe('register device', () => {
  test('lists devices with their standing, and no VIN', async () => {
    const command = installation();
    expect(JSON.parse((await command({ verb: 'list' })).out)).toEqual({
      devices: [{ device: name, trust: 'trusted', revoked: false, spool: null }],
    });
    await command(trust());
    expect((await command({ verb: 'list' }, false)).out).toBe(`${name}  watched  spool: not told`);
    expect((await command({ verb: 'list' })).out).not.toContain(device.vin);
  });

  test('revokes once, and says that the device is not there the second time', async () => {
    const command = installation();
    expect(await command(revoke())).toMatchObject({ status: 0, err: '' });
    expect((await command({ verb: 'list' }, false)).out).toBe(`${name}  revoked  spool: not told`);
    expect(await command(revoke())).toMatchObject({ status: 1, out: '' });
    expect((await command(revoke({ device: '0'.repeat(32) }))).err).toContain('DEVICE_NOT_REGISTERED');
  });

  test.each<[string, StandingOrder]>([
    ['a name that is none', revoke({ device: 'v0001' })],
    ['nobody', revoke({ by: '' })],
    ['no reason', revoke({ reason: '  ' })],
    ['a reason of two lines', revoke({ reason: 'a\nb' })],
    ['a reason with a VIN', revoke({ reason: `stolen from ${device.vin.toLowerCase()}` })],
    ['a state that is none', trust('believed')],
  ])('takes no act with %s', async (_, order) => {
    const command = installation();
    expect(await command(order)).toMatchObject({ status: 2, out: '' });
    expect((await command({ verb: 'list' }, false)).out).toBe(`${name}  trusted  spool: not told`);
  });
});
