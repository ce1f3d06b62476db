import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  type FillableDeviceRegister,
  sqliteDeviceRegister,
} from '../../../../cloud/adapters/sqlite-device-register.ts';
import { loadSqlite } from '../../../../proto/config/load-sqlite.ts';
import { testDevice } from '../../../support/cloud/devices.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';
import { testVin } from '../../../support/cloud/vins.ts';

const first = testDevice(1);
const second = testDevice(2);
const entry = ({ vin, publicKeyPem }: typeof first) => ({ vin, publicKey: publicKeyPem });

function open(directory = scratchDirectory()): FillableDeviceRegister {
  const register = sqliteDeviceRegister(join(directory, 'register.sqlite'));
  onTestFinished(() => register.close());
  return register;
}

describe('sqliteDeviceRegister', () => {
  test('finds a device by the name its key gives it, and no other', () => {
    const register = open();
    expect(register.add([entry(first), entry(second)])).toBe(2);
    const found = register.find(second.registered.device);
    expect(found?.vin.reveal()).toBe(second.vin);
    expect(found?.publicKey.equals(second.registered.publicKey)).toBe(true);
    expect(register.find(testDevice(3).registered.device)).toBeUndefined();
  });

  test('gives numbers that stay, and the VIN behind a number', () => {
    const directory = scratchDirectory();
    const before = open(directory);
    before.add([entry(first), entry(second)]);
    const number = before.find(second.registered.device)?.number ?? 0;
    before.close();
    const after = open(directory);
    expect(after.find(second.registered.device)?.number).toBe(number);
    expect(after.vinOf(number)?.reveal()).toBe(second.vin);
    expect(after.vinOf(number + 1_000)).toBeUndefined();
  });

  test('a key that is known already keeps its number and its VIN', () => {
    const register = open();
    register.add([entry(first)]);
    expect(register.add([entry(first), { vin: testVin(99), publicKey: first.publicKeyPem }])).toBe(0);
    expect(register.count()).toBe(1);
    expect(register.find(first.registered.device)?.vin.reveal()).toBe(first.vin);
  });

  test('does not find a device that was revoked, but still says whose records its number marks', () => {
    const directory = scratchDirectory();
    const register = open(directory);
    register.add([entry(first)]);
    const number = register.find(first.registered.device)?.number ?? 0;
    const database = new (loadSqlite())(join(directory, 'register.sqlite'));
    database.exec('UPDATE device SET revoked = 1');
    database.close();
    expect(register.find(first.registered.device)).toBeUndefined();
    expect(register.vinOf(number)?.reveal()).toBe(first.vin);
  });

  test('adds all of a list or none of it', () => {
    const register = open();
    expect(() => register.add([entry(first), { vin: testVin(5), publicKey: 'no key' }])).toThrow();
    expect(register.count()).toBe(0);
  });

  test('a device prints without its VIN', () => {
    const register = open();
    register.add([entry(first)]);
    const found = register.find(first.registered.device);
    expect(found).toBeDefined();
    for (const text of [inspect(found, { depth: 9 }), JSON.stringify(found), `${found?.vin}`])
      expect(text).not.toContain(first.vin);
  });
});
