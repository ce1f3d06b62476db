import { expect, test } from 'vitest';
import { planFleet, SYNTHETIC_VEHICLES_DEFAULT, VEHICLES_MAX } from '../../../firmware-sim/fleet.ts';
import { FICTIONAL_WMI } from '../../../firmware-sim/vehicle-vin.ts';
import { parseVin } from '../../../proto/words/vin.ts';

const TRACES = [{ source: 'a.csv#1' }, { source: 'a.csv#2' }];

test('names run from v0001, VINs carry the fictional Chinese maker and a valid check digit', () => {
  const plans = planFleet({ vehicles: 3, seed: 's', traces: [] });
  expect(plans.map(({ name }) => name)).toEqual(['v0001', 'v0002', 'v0003']);
  expect(FICTIONAL_WMI.startsWith('L')).toBe(true);
  expect(plans.map(({ vin }) => vin.slice(-6))).toEqual(['000001', '000002', '000003']);
  for (const { vin } of plans) {
    expect(vin.startsWith(FICTIONAL_WMI)).toBe(true);
    expect(parseVin(vin).ok).toBe(true);
  }
});

test('without a number a fleet has 20 synthetic vehicles, or one for each trace', () => {
  const synthetic = planFleet({ vehicles: undefined, seed: 's', traces: [] });
  expect(synthetic).toHaveLength(SYNTHETIC_VEHICLES_DEFAULT);
  expect(synthetic.every(({ drive }) => drive.kind === 'synthetic')).toBe(true);
  const replayed = planFleet({ vehicles: undefined, seed: 's', traces: TRACES });
  expect(replayed.map(({ drive }) => drive)).toEqual([
    { kind: 'trace', trace: 0, source: 'a.csv#1' },
    { kind: 'trace', trace: 1, source: 'a.csv#2' },
  ]);
});

test('a number caps the traces and never makes up more of them', () => {
  expect(planFleet({ vehicles: 1, seed: 's', traces: TRACES })).toHaveLength(1);
  expect(planFleet({ vehicles: 5, seed: 's', traces: TRACES })).toHaveLength(2);
});

test('a fleet beyond the limit is a bug of the caller', () => {
  expect(() => planFleet({ vehicles: VEHICLES_MAX + 1, seed: 's', traces: [] })).toThrow('VEHICLES_MAX');
  expect(() => planFleet({ vehicles: 0, seed: 's', traces: [] })).toThrow('VEHICLES_MAX');
});
