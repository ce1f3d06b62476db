import { expect, test } from 'vitest';
import { startGnss } from '../../../firmware-sim/gnss.ts';
import { later } from '../../../firmware-sim/paced-frame.ts';
import { createPrng } from '../../../firmware-sim/prng.ts';
import { WALL_START } from './run-virtually.ts';

const TRUTH = { latitude: 31, longitude: 110, altitudeM: 50, headingDeg: 359.9, speedMps: 10 };

test('fixes lie a few metres off, and now and then there is none', () => {
  const gnss = startGnss(createPrng('gnss'));
  const fixes = Array.from({ length: 5_000 }, (_, index) => gnss.fixAt(later(WALL_START, index * 10_000), TRUTH));
  const errorsM = fixes.flatMap((fix) => (fix === undefined ? [] : [Math.abs(fix.latitude - 31) * 111_195]));
  expect(errorsM.length).toBeGreaterThan(4_500);
  // The first few are the warm-up, the others drop-outs.
  expect(fixes.slice(10)).toContain(undefined);
  const meanM = errorsM.reduce((sum, error) => sum + error, 0) / errorsM.length;
  expect(meanM).toBeGreaterThan(1);
  expect(meanM).toBeLessThan(5);
  expect(Math.max(...errorsM)).toBeLessThan(30);
});

test('a heading is in [0, 360), and a standing vehicle has none', () => {
  const gnss = startGnss(createPrng('heading'));
  for (let index = 0; index < 500; index += 1) {
    const moving = gnss.fixAt(WALL_START, TRUTH);
    if (moving === undefined) continue;
    expect(moving.headingDeg).toBeGreaterThanOrEqual(0);
    expect(moving.headingDeg).toBeLessThan(360);
  }
  const standing = Array.from({ length: 5 }, () => gnss.fixAt(WALL_START, { ...TRUTH, speedMps: 0 }));
  expect(standing.some((fix) => fix !== undefined)).toBe(true);
  for (const fix of standing) expect(fix ?? {}).not.toHaveProperty('headingDeg');
});
