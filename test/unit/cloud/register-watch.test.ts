import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sqliteDeviceRegister } from '../../../cloud/adapters/sqlite-device-register.ts';
import { createTrustKeeper } from '../../../cloud/ingest/trust-keeper.ts';
import { createRegisterWatch } from '../../../cloud/register-watch.ts';
import { bilingual } from '../../../proto/words/fault.ts';
import { fail, ok } from '../../../proto/words/result.ts';
import type { DeviceId } from '../../../proto/words/topics.ts';
import { NOW } from '../../support/cloud/batches.ts';
import { testDevice } from '../../support/cloud/devices.ts';
import { scratchDirectory } from '../../support/cloud/stores.ts';

const device = testDevice(1);
const act = { device: device.registered.device, at: NOW, person: 'li.wei', reason: 'sold' };
const FULL = {
  code: 'LOG_UNAVAILABLE',
  problem: bilingual('full', '已满'),
  remedy: bilingual('free', '释放'),
  retry: 'later',
} as const;

function watched() {
  const file = join(scratchDirectory(), 'devices.sqlite');
  const open = () => {
    const register = sqliteDeviceRegister(file);
    onTestFinished(() => register.close());
    return register;
  };
  const register = open();
  register.add([{ vin: device.vin, publicKey: device.publicKeyPem }]);
  const told = { entries: [] as unknown[], cut: [] as DeviceId[], lowered: [] as string[], faults: [] as string[] };
  const log = { isFull: false };
  const { look } = createRegisterWatch({
    register,
    operations: {
      append: (entries) => {
        if (log.isFull) return fail(FULL);
        told.entries.push(...entries);
        return ok({ firstIndex: 0, leafHashes: [] });
      },
    },
    cutOff: (mayConnect) => {
      if (!mayConnect(act.device)) told.cut.push(act.device);
    },
    onLowered: ({ rule }) => told.lowered.push(rule),
    onFault: ({ code }) => told.faults.push(code),
  });
  return { register, byCommand: open(), told, look, log };
}

test('a device that another process revoked is cut off and logged, once', () => {
  const { byCommand, told, look } = watched();
  look();
  byCommand.revoke(act);
  look();
  look();
  expect(told.cut).toEqual([act.device]);
  expect(told.entries).toEqual([
    {
      kind: 'device-revoked',
      transferId: '',
      actor: 'li.wei',
      document: { act: 1, device: act.device, at: NOW, person: 'li.wei', reason: 'sold' },
    },
  ]);
});

test('while the log takes nothing a device is cut off all the same, and is not restored', () => {
  const { register, byCommand, told, look, log } = watched();
  log.isFull = true;
  byCommand.setTrust({ ...act, to: 'barred' });
  byCommand.setTrust({ ...act, to: 'trusted' });
  byCommand.revoke(act);
  look();
  expect([told.cut, told.faults, register.trustOf(1)]).toEqual([[act.device], ['LOG_UNAVAILABLE'], 'barred']);
  log.isFull = false;
  look();
  expect(told.entries).toHaveLength(3);
  expect(register.trustOf(1)).toBe('trusted');
});

test('trust that a rule lowered is logged with its rule, and told', () => {
  const { register, told, look } = watched();
  createTrustKeeper(register, { now: () => NOW }).note(1, 'VALUE_OFF_GRID', Buffer.from('a'));
  look();
  expect(told.lowered).toEqual(['mismatch-watched']);
  expect(told.entries).toEqual([
    {
      kind: 'device-trust',
      transferId: '',
      actor: 'cloud',
      document: {
        act: 1,
        device: act.device,
        at: NOW,
        from: 'trusted',
        to: 'watched',
        rule: 'mismatch-watched',
        code: 'VALUE_OFF_GRID',
      },
    },
  ]);
});

test('what stands in a register from before there was trust is trusted', async () => {
  const { loadSqlite } = await import('../../../proto/config/load-sqlite.ts');
  const file = join(scratchDirectory(), 'devices.sqlite');
  const old = new (loadSqlite())(file);
  old.exec(
    'CREATE TABLE device (number INTEGER PRIMARY KEY, device TEXT NOT NULL UNIQUE, vin TEXT NOT NULL, public_key TEXT NOT NULL, revoked INTEGER NOT NULL DEFAULT 0)',
  );
  old.close();
  const register = sqliteDeviceRegister(file);
  onTestFinished(() => register.close());
  register.add([{ vin: device.vin, publicKey: device.publicKeyPem }]);
  expect([register.trustOf(1), register.distrusted()]).toEqual(['trusted', { watched: 0, barred: 0 }]);
  register.setTrust({ ...act, to: 'barred' });
  expect(register.distrusted()).toEqual({ watched: 0, barred: 1 });
});
