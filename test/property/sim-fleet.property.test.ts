import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planFleet } from '../../firmware-sim/fleet.ts';
import { parseVin } from '../../proto/words/vin.ts';

const seed = fc.string({ maxLength: 40 });

test('every VIN of every fleet is valid, and no two of one fleet are the same', () => {
  fc.assert(
    fc.property(seed, fc.integer({ min: 1, max: 400 }), (text, vehicles) => {
      const plans = planFleet({ vehicles, seed: text, traces: [] });
      expect(plans.filter(({ vin }) => !parseVin(vin).ok)).toEqual([]);
      // The serial number alone tells them apart, so no chance is involved.
      expect(new Set(plans.map(({ vin }) => vin.slice(-6))).size).toBe(vehicles);
      expect(new Set(plans.map(({ name }) => name)).size).toBe(vehicles);
    }),
    { numRuns: 50 },
  );
});

test('the size of a fleet never changes who its vehicles are', () => {
  fc.assert(
    fc.property(seed, fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 }), (text, few, more) => {
      const small = planFleet({ vehicles: few, seed: text, traces: [] });
      const large = planFleet({ vehicles: few + more, seed: text, traces: [] });
      expect(large.slice(0, few)).toEqual(small);
    }),
  );
});
