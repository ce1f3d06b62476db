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
  ['::ffff:198.51.100.1', false],
  // Written otherwise than systems write it, the same address is none that anybody listed.
  ['::ffff:c000:205', false],
  ['0:0:0:0:0:ffff:198.51.100.1', false],
  ['::192.0.2.5', false],
  ['64:ff9b::192.0.2.5', false],
  ['2001:db8:0:1::1', false],
  ['192.0.2.5 ', false],
  ['3221225989', false],
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
  expect(mayReceive('192.0.2.5', { ...RESIDENCY, destination: throwing })).toBe(false);
  expect(chosenAddress(['192.0.2.5'], { ...RESIDENCY, mainland: throwing })).toBeUndefined();
});

test('a name is followed only where all its addresses may receive', () => {
  expect(chosenAddress(['192.0.2.5', '192.0.2.6'], RESIDENCY)).toBe('192.0.2.5');
  expect(chosenAddress(['192.0.2.5', '198.51.100.1'], RESIDENCY)).toBeUndefined();
  expect(chosenAddress(['198.51.100.1', '192.0.2.5'], RESIDENCY)).toBeUndefined();
  expect(chosenAddress(['192.0.2.5', '::ffff:198.51.100.1'], RESIDENCY)).toBeUndefined();
  expect(chosenAddress([], RESIDENCY)).toBeUndefined();
});
