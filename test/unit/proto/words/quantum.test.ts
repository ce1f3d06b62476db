import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isOnGrid, quantise } from '../../../../proto/words/quantum.ts';

const quantum = fc.oneof(
  fc.constantFrom(1, 100_000, 250_000, 1_000_000, 5_000_000),
  fc.integer({ min: 1, max: 10_000_000 }),
);
const value = fc.oneof(
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.integer({ min: -1_000_000, max: 1_000_000 }).map((cents) => cents / 100),
);

test('a value is cut down to the multiple below it, which is on the grid and stays where it is', () => {
  fc.assert(
    fc.property(value, quantum, (wanted, step) => {
      const cut = quantise(wanted, step);
      if (cut === undefined) throw new Error('every such value has a multiple');
      expect(cut <= wanted).toBe(true);
      expect(wanted - cut).toBeLessThan((step / 1e6) * (1 + 1e-6) + Math.abs(wanted) * 1e-9);
      expect(quantise(cut, step)).toBe(cut);
      expect([isOnGrid(cut, step), isOnGrid(wanted, step)]).toEqual([true, cut === wanted]);
      expect(Math.abs(cut * 1e6 - Math.round((cut * 1e6) / step) * step)).toBeLessThan(1e-3);
    }),
    { numRuns: 20_000 },
  );
});

test.each([
  [0.29, 10_000, 0.29],
  [0.3, 100_000, 0.3],
  [0.7, 100_000, 0.7],
  [1.15, 50_000, 1.15],
  [71.2999999, 100_000, 71.2],
  [-0.01, 100_000, -0.1],
  [-0, 100_000, 0],
  [99.999, 1_000_000, 99],
])('%d by %d millionths is %d', (given, step, expected) => {
  expect(Object.is(quantise(given, step), expected)).toBe(true);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300, -1e300])(
  '%d has no multiple',
  (given) => {
    expect(quantise(given, 1_000_000)).toBeUndefined();
    expect(isOnGrid(given, 1_000_000)).toBe(false);
  },
);
