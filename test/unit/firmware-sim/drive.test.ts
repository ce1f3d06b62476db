import { expect, test } from 'vitest';
import { distanceM } from '../../../firmware-sim/city.ts';
import { driveRoute } from '../../../firmware-sim/drive.ts';
import { createPrng } from '../../../firmware-sim/prng.ts';

const ROUTE = [
  { eastM: 0, northM: 0 },
  { eastM: 4_000, northM: 0 },
  { eastM: 4_000, northM: -900 },
];
const motions = [...driveRoute(ROUTE, createPrng('drive'))];

test('a drive starts and ends standing, at the ends of its route', () => {
  expect(motions[0]?.speedMps).toBeLessThanOrEqual(1.4);
  expect(motions.at(-1)).toMatchObject({ eastM: 4_000, northM: -900, speedMps: 0 });
});

test('it covers its route at the speeds of a city', () => {
  const movedM = motions.reduce((sum, motion) => sum + motion.movedM, 0);
  expect(movedM).toBeCloseTo(4_900, 3);
  expect(Math.max(...motions.map(({ speedMps }) => speedMps))).toBeLessThanOrEqual(70 / 3.6);
  const meanKmh = (movedM / motions.length) * 3.6;
  expect(meanKmh).toBeGreaterThan(15);
  expect(meanKmh).toBeLessThan(60);
});

test('it never leaps: each second moves what its speed says, and speeds change gently', () => {
  for (const [index, motion] of motions.entries()) {
    const before = motions[index - 1];
    if (before === undefined) continue;
    expect(distanceM(before, motion)).toBeCloseTo(motion.movedM, 6);
    expect(motion.movedM).toBeLessThanOrEqual(motion.speedMps + 1e-9);
    expect(Math.abs(motion.speedMps - before.speedMps)).toBeLessThan(5);
  }
});

test('heading is that of the street', () => {
  expect(motions[10]?.headingDeg).toBe(90);
  expect(motions.at(-1)?.headingDeg).toBe(180);
});

test('a route without a length is no drive', () => {
  expect([...driveRoute(ROUTE.slice(0, 1), createPrng('none'))]).toEqual([]);
});
