import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sqliteDeviceRegister } from '../../../../cloud/adapters/sqlite-device-register.ts';
import { REJECTIONS, type RejectionCode } from '../../../../cloud/ingest/rejections.ts';
import { fallOf, GRAVITY, MISMATCHES_MAX } from '../../../../cloud/ingest/trust.ts';
import { createTrustKeeper } from '../../../../cloud/ingest/trust-keeper.ts';
import type { TrustState } from '../../../../cloud/ports/device-register.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { batchOf, cellFrame, NOW, seal, signalFrame } from '../../../support/cloud/batches.ts';
import { testDevice } from '../../../support/cloud/devices.ts';
import { runGateway } from '../../../support/cloud/gateway-run.ts';
import { QUARANTINED, type QuarantineRow, rowsIn } from '../../../support/cloud/rows.ts';
import { scratchDirectory, scratchStores } from '../../../support/cloud/stores.ts';

const device = testDevice(1);
const other = testDevice(2);

function keeperOf(directory = scratchDirectory()) {
  const register = sqliteDeviceRegister(join(directory, 'devices.sqlite'));
  onTestFinished(() => register.close());
  register.add([{ vin: device.vin, publicKey: device.publicKeyPem }]);
  return { register, keeper: createTrustKeeper(register, { now: () => NOW }) };
}

const payload = (text: string): Uint8Array => Buffer.from(text);

describe('how trust falls', () => {
  test('every rejection has its gravity', () => {
    expect(Object.keys(GRAVITY).sort()).toEqual(Object.keys(REJECTIONS).sort());
  });

  test('no order of rejections ever raises it, and nothing but mismatches bars', () => {
    const codes = fc.constantFrom(...(Object.keys(GRAVITY) as RejectionCode[]));
    fc.assert(
      fc.property(fc.array(codes, { maxLength: 12 }), (told) => {
        let state = 'trusted' as TrustState;
        let mismatches = 0;
        for (const code of told) {
          if (GRAVITY[code] === 'mismatch') mismatches += 1;
          const next: TrustState = fallOf(state, GRAVITY[code], mismatches)?.to ?? state;
          expect(ORDER.indexOf(next)).toBeGreaterThanOrEqual(ORDER.indexOf(state));
          state = next;
        }
        expect(state === 'barred').toBe(mismatches >= MISMATCHES_MAX);
        expect(state === 'trusted').toBe(told.every((code) => GRAVITY[code] === 'nothing'));
      }),
    );
  });
  const ORDER = ['trusted', 'watched', 'barred'];

  test('the first mismatch makes a device watched, the third different one bars it, and that outlives a restart', () => {
    const directory = scratchDirectory();
    const { register, keeper } = keeperOf(directory);
    keeper.note(1, 'VALUE_OFF_GRID', payload('a'));
    expect(keeper.of(1)).toBe('watched');
    for (let times = 0; times < 5; times += 1) keeper.note(1, 'VALUE_OFF_GRID', payload('a'));
    keeper.note(1, 'CELL_NOT_ON_GRID', payload('b'));
    expect(keeper.of(1)).toBe('watched');
    keeper.note(1, 'VIN_MISMATCH', payload('c'));
    expect(keeper.of(1)).toBe('barred');
    register.close();
    expect(keeperOf(directory).keeper.of(1)).toBe('barred');
  });

  test('the batches that wait when a key is renewed make a device watched and never bar it', () => {
    const { keeper } = keeperOf();
    for (let batch = 0; batch < 50; batch += 1) keeper.note(1, 'SIGNATURE_INVALID', payload(`old ${batch}`));
    expect(keeper.of(1)).toBe('watched');
  });

  test('a device that the register does not know is believed in nothing', () => {
    expect(keeperOf().keeper.of(77)).toBe('barred');
  });
});

describe('acts of persons', () => {
  const act = { device: device.registered.device, at: (NOW + 9) as Instant, person: 'li.wei', reason: 'inspected' };

  function barred() {
    const made = keeperOf();
    for (const text of ['a', 'b', 'c']) made.keeper.note(1, 'VALUE_OFF_GRID', payload(text));
    for (const { id } of made.register.unlogged()) made.register.logged(id);
    return made;
  }

  test('restoring holds once it is logged, and not before', () => {
    const { register, keeper } = barred();
    expect(register.setTrust({ ...act, to: 'trusted' })).toBe(true);
    expect(keeper.of(1)).toBe('barred');
    const [written] = register.unlogged();
    expect(written).toMatchObject({ kind: 'trust', from: 'barred', to: 'trusted', person: 'li.wei', rule: '' });
    register.logged(written?.id ?? 0);
    expect(keeper.of(1)).toBe('trusted');
    expect(register.unlogged()).toEqual([]);
  });

  test('after it refused batches are counted anew', () => {
    const { register, keeper } = barred();
    register.setTrust({ ...act, to: 'trusted' });
    register.logged(register.unlogged()[0]?.id ?? 0);
    keeper.note(1, 'VALUE_OFF_GRID', payload('a'));
    expect(keeper.of(1)).toBe('watched');
  });

  test('barring and revoking hold at once', () => {
    const { register, keeper } = keeperOf();
    register.setTrust({ ...act, to: 'barred' });
    expect(keeper.of(1)).toBe('barred');
    expect(register.revoke(act)).toBe(true);
    expect(register.find(act.device)).toBeUndefined();
    expect(register.revoke(act)).toBe(false);
    expect(register.setTrust({ ...act, device: other.registered.device, to: 'trusted' })).toBe(false);
    expect(register.unlogged().map(({ kind }) => kind)).toEqual(['trust', 'revoked']);
  });

  test('another process is noticed', () => {
    const directory = scratchDirectory();
    const { register, keeper } = keeperOf(directory);
    expect([keeper.of(1), register.hasChanged()]).toEqual(['trusted', false]);
    keeperOf(directory).register.setTrust({ ...act, to: 'barred' });
    expect(register.hasChanged()).toBe(true);
    expect(register.hasChanged()).toBe(false);
    expect(keeper.of(1)).toBe('barred');
  });
});

describe('in the gateway', () => {
  const lying = (firstSequence: number) => seal(batchOf([cellFrame({ column: 9_999 })], { firstSequence }), device.key);
  const honest = (firstSequence: number) => seal(batchOf([signalFrame()], { firstSequence }), device.key);

  function scene() {
    const directory = scratchDirectory();
    const stores = scratchStores([device, other], directory);
    const { send, told } = runGateway(stores, { trust: createTrustKeeper(stores.register, { now: () => NOW }) });
    return { directory, stores, send, told };
  }

  test('a device that lied three times is barred: what it sends then is durable, acknowledged and in quarantine whole', () => {
    const { directory, send, told } = scene();
    for (const at of [0, 1, 2]) send([device, lying(at)]);
    send([device, honest(3)], [other, seal(batchOf([signalFrame()]), other.key)]);
    const rows = rowsIn<QuarantineRow>(directory, 'quarantine', QUARANTINED);
    expect(rows.map(({ reason }) => reason).sort()).toEqual([...Array(3).fill('CELL_NOT_ON_GRID'), 'DEVICE_BARRED']);
    expect(rowsIn(directory, 'personal', 'SELECT device FROM record')).toEqual([{ device: 2 }]);
    expect(told.acknowledgements.flatMap(({ ranges }) => ranges.map(({ quarantined }) => quarantined))).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
    expect(told.alerts.map(({ code }) => code)).toContain('DEVICE_BARRED');
  });

  test('one whose liar was restored is heard again', () => {
    const { directory, stores, send } = scene();
    for (const at of [0, 1, 2]) send([device, lying(at)]);
    const act = { device: device.registered.device, at: NOW, person: 'li.wei', reason: 'agent replaced' };
    stores.register.setTrust({ ...act, to: 'trusted' });
    for (const { id } of stores.register.unlogged()) stores.register.logged(id);
    send([device, honest(3)]);
    expect(rowsIn(directory, 'personal', 'SELECT sequence FROM record')).toEqual([{ sequence: 3 }]);
  });
});
