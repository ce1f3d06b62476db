import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sqliteDeviceRegister } from '../../cloud/adapters/sqlite-device-register.ts';
import { rosterRegister } from '../../cloud/ingest/roster-register.ts';
import type { Roster, RosterWriter } from '../../cloud/ports/roster.ts';
import { createRosterPublisher } from '../../cloud/record-log/publish-roster.ts';
import { createRosterSeal } from '../../cloud/record-log/roster-seal.ts';
import { openAmongWorkers, sealAmongWorkers } from '../../cloud/record-log/transit.ts';
import type { Instant } from '../../proto/words/time.ts';
import { NOW } from '../support/cloud/batches.ts';
import { type TestDevice, testDevice } from '../support/cloud/devices.ts';
import { scratchDirectory } from '../support/cloud/stores.ts';

/** Both ends of one roster. */
export interface RosterEnds {
  readonly writer: RosterWriter;
  readonly reader: () => Roster;
}

/** What every adapter of these ports must do, with the register that is written down and the one that is made of it. */
export function describeRoster(name: string, begin: () => RosterEnds): void {
  describe(`Roster contract: ${name}`, () => {
    test('a device that is registered is known elsewhere, with its key and its VIN, and nobody else is', () => {
      const { register, publish, elsewhere } = world(begin());
      const [one, other] = [testDevice(1), testDevice(2)];
      register.add([{ vin: one.vin, publicKey: one.publicKeyPem }]);
      publish();
      const there = elsewhere();
      const found = there.find(one.registered.device);
      expect([found?.number, found?.vin.reveal()]).toEqual([1, one.vin]);
      expect(found?.publicKey.equals(one.registered.publicKey)).toBe(true);
      expect([there.find(other.registered.device), there.trustOf(9)]).toEqual([undefined, 'barred']);
      register.add([{ vin: other.vin, publicKey: other.publicKeyPem }]);
      publish();
      expect(there.find(other.registered.device)?.number).toBe(2);
      expect(there.page(1, 9)).toMatchObject([{ device: other.registered.device, number: 2, revoked: false }]);
    });

    test('who is revoked or believed less is so elsewhere within a second, and believed again where a person says so', () => {
      const { register, publish, elsewhere, clock } = world(begin());
      const devices = [testDevice(1), testDevice(2)];
      register.add(devices.map(({ vin, publicKeyPem: publicKey }) => ({ vin, publicKey })));
      publish();
      const there = elsewhere();
      const [first, second] = devices.map(({ registered }) => registered.device) as [never, never];
      const seen = () => [there.mayConnect(first), there.mayConnect(second), there.trustOf(1), there.trustOf(2)];
      expect(seen()).toEqual([true, true, 'trusted', 'trusted']);
      const act = { at: NOW, person: 'wang', reason: 'test' };
      register.revoke({ ...act, device: first });
      register.lower({ deviceNumber: 2, at: NOW, to: 'barred', rule: 'r', code: 'c' });
      publish();
      clock.pass(1_000);
      expect(seen()).toEqual([false, true, 'trusted', 'barred']);
      expect([there.hasChanged(), there.hasChanged()]).toEqual([true, false]);
      register.setTrust({ ...act, device: second, to: 'trusted' });
      for (const { id } of register.unlogged()) register.logged(id);
      publish();
      clock.pass(1_000);
      expect(seen()).toEqual([false, true, 'trusted', 'trusted']);
    });

    test('another process that leads goes on where the one before stopped; a roster of another register is made anew', () => {
      const ends = begin();
      const { register, publish, elsewhere, clock, publisher } = world(ends);
      const device = testDevice(1);
      register.add([{ vin: device.vin, publicKey: device.publicKeyPem }]);
      publish();
      const there = elsewhere();
      expect(there.mayConnect(device.registered.device)).toBe(true);
      publisher(register).look();
      expect([ends.writer.count(), there.hasChanged()]).toEqual([1, false]);
      const other = sqliteDeviceRegister(join(scratchDirectory(), 'devices.sqlite'));
      onTestFinished(() => other.close());
      const stranger = testDevice(7);
      other.add([{ vin: stranger.vin, publicKey: stranger.publicKeyPem }]);
      publisher(other).look();
      clock.pass(1_000);
      expect(there.mayConnect(device.registered.device)).toBe(false);
      expect(there.find(stranger.registered.device)?.vin.reveal()).toBe(stranger.vin);
    });

    test('a row that the one that leads did not write is nobody: a key beside the VIN of another, a VIN of no worker', () => {
      const ends = begin();
      const { register, publish, elsewhere, seal } = world(ends);
      const device = testDevice(1);
      register.add([{ vin: device.vin, publicKey: device.publicKeyPem }]);
      publish();
      const sealedVin = ends.reader().find(device.registered.device)?.sealedVin ?? new Uint8Array();
      const forged = (one: TestDevice, number: number, vin: Uint8Array, publicKey = one.publicKeyPem) => {
        const row = { device: one.registered.device, number, publicKey, sealedVin: vin };
        ends.writer.write({ added: [{ ...row, isRevoked: false, trust: 'trusted' }], moved: [] });
        return elsewhere().find(one.registered.device);
      };
      expect(forged(testDevice(5), 5, sealedVin)).toBeUndefined();
      expect(forged(testDevice(6), 6, randomBytes(90))).toBeUndefined();
      const mine = testDevice(8);
      const theirs = { ...mine.registered, number: 8 };
      expect(forged(mine, 8, seal(theirs, mine.registered.vin), testDevice(9).publicKeyPem)).toBeUndefined();
      // Who has no key of the workers finds it, and may not look at the VIN.
      const blind = rosterRegister(ends.reader(), { now: () => NOW }, undefined).find(device.registered.device);
      expect(() => blind?.vin.reveal()).toThrow('not known to this process');
    });

    test('where nobody can be asked whether it changed nothing is known', () => {
      const ends = begin();
      const { register, publish, clock } = world(ends);
      const device = testDevice(1);
      register.add([{ vin: device.vin, publicKey: device.publicKeyPem }]);
      publish();
      let isGone = false;
      const changed = (): ReturnType<Roster['changed']> => {
        if (isGone) throw new Error('gone');
        return [];
      };
      const there = rosterRegister({ ...ends.reader(), changed }, clock, undefined);
      expect(there.mayConnect(device.registered.device)).toBe(true);
      isGone = true;
      clock.pass(1_000);
      expect(() => there.find(device.registered.device)).toThrow('gone');
      expect(() => there.trustOf(1)).toThrow('gone');
    });
  });
}

function world(ends: RosterEnds) {
  const register = sqliteDeviceRegister(join(scratchDirectory(), 'devices.sqlite'));
  onTestFinished(() => register.close());
  let now = NOW as number;
  const clock = {
    now: () => now as Instant,
    pass: (ms: number) => {
      now += ms;
    },
  };
  const { privateKey } = generateKeyPairSync('x25519');
  const parts = { clock, random: randomBytes };
  const { seal, open } = createRosterSeal(
    sealAmongWorkers(privateKey, 'roster', parts),
    openAmongWorkers(privateKey, 'roster'),
  );
  const publisher = (of: typeof register) => createRosterPublisher({ register: of, roster: ends.writer, seal });
  return {
    ...{ register, clock, seal, publisher, publish: publisher(register).look },
    elsewhere: () => rosterRegister(ends.reader(), clock, open),
  };
}
