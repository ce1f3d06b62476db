import { describe, expect, test } from 'vitest';
import { fittingDevices, isDeviceNumber } from '../../../../console/models/fitting-devices.ts';

const NOW = Date.parse('2026-11-23T00:00:00Z');
const device = (name: string, over: object = {}) => ({
  ...{ device: name, trust: 'trusted', revoked: false, lastSeen: '2026-11-22T12:00:00Z' },
  ...over,
});
const DEVICES = [
  device('aa11'),
  device('aa22', { trust: 'watched', lastSeen: '2026-11-21T23:59:59Z' }),
  device('bb33', { trust: 'barred' }),
  device('bb44', { trust: 'barred', revoked: true, lastSeen: null }),
  device('cc55', { lastSeen: null }),
];

describe('devices that fit', () => {
  test.each([
    ['', '', ['aa11', 'aa22', 'bb33', 'bb44', 'cc55']],
    [' AA ', '', ['aa11', 'aa22']],
    ['', 'trusted', ['aa11', 'cc55']],
    ['', 'watched', ['aa22']],
    ['', 'barred', ['bb33']],
    ['', 'revoked', ['bb44']],
    // A day and a second is stale, whatever its trust; one that is shut out is expected to be silent.
    ['', 'stale', ['aa22', 'cc55']],
    ['cc', 'barred', []],
  ])('%j in state %j', (text, state, found) => {
    expect(fittingDevices(DEVICES, text, state, NOW).map((one) => one.device)).toEqual(found);
  });

  test('a whole number is one, a part of it is not', () => {
    expect(isDeviceNumber(` ${'aB'.repeat(16)} `)).toBe(true);
    expect(isDeviceNumber('ab12')).toBe(false);
    expect(isDeviceNumber('x'.repeat(32))).toBe(false);
  });
});
