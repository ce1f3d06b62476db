import { expect, test } from 'vitest';
import { chosenAddress, mayReceive, residencyOf } from '../../../../cloud/forwarding/residency.ts';

const RESIDENCY = residencyOf(['192.0.2.0/28', '2001:db8::/64'], ['192.0.2.0/24', '2001:db8::/32']);

test.each([
  ['192.0.2.5', true],
  ['::ffff:192.0.2.5', true],
  ['2001:db8::1', true],
  // In the mainland, and not the destination's.
  ['192.0.2.77', false],
  ['198.51.100.1', false],
  ['platform.example', false],
  ['', false],
  [undefined, false],
])('%s may receive: %s', (address, may) => {
  expect(mayReceive(address, RESIDENCY)).toBe(may);
});

test('nobody may where nobody said what lies in the mainland, or where the question cannot be answered', () => {
  expect(mayReceive('192.0.2.5', residencyOf(['192.0.2.0/28'], []))).toBe(false);
  expect(mayReceive('192.0.2.5', residencyOf([], ['192.0.2.0/24']))).toBe(false);
  const throwing = {
    has: () => {
      throw new Error('no answer');
    },
  };
  expect(mayReceive('192.0.2.5', { ...RESIDENCY, mainland: throwing })).toBe(false);
});

test('a name is followed only where all its addresses may receive', () => {
  expect(chosenAddress(['192.0.2.5', '192.0.2.6'], RESIDENCY)).toBe('192.0.2.5');
  expect(chosenAddress(['192.0.2.5', '198.51.100.1'], RESIDENCY)).toBeUndefined();
  expect(chosenAddress([], RESIDENCY)).toBeUndefined();
});
