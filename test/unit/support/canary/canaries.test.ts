import { expect, test } from 'vitest';
import { buildCanaries } from '../../../support/canary/canaries.ts';
import { isDegenerate } from '../../../support/canary/coordinate-index.ts';
import { scan } from '../../../support/canary/scan.ts';

test.each([31, 31.2, 31.27, 31.279, 0.12345, 0, -0.99999, 181.23456, Number.NaN, Number.POSITIVE_INFINITY, 1e-7])(
  '%d is no canary: ordinary numbers would hit it',
  (degrees) => {
    expect(isDegenerate(degrees)).toBe(true);
  },
);

test.each([31.2791, 119.6776716, -33.4489, 1.0001, 179.99999])('%d is a canary', (degrees) => {
  expect(isDegenerate(degrees)).toBe(false);
});

test('degenerate coordinates are counted, each on its own, and not looked for', () => {
  const points = [
    { latitude: 31.25, longitude: 119.6776716 },
    { latitude: Number.NaN, longitude: 120 },
    { latitude: 31.27908, longitude: 120.12345 },
  ];
  const canaries = buildCanaries({ points, vins: [], tags: [] });
  expect(canaries.skippedCoordinates).toBe(3);
  expect(scan(Buffer.from('31.2500 31.25 120.0000'), canaries)).toEqual([]);
  expect(scan(Buffer.from('119.6776716'), canaries)).toEqual([
    { kind: 'longitude', form: 'decimal', within: [], offset: 0, of: 0 },
  ]);
});

test('equal points are found under the first of them', () => {
  const point = { latitude: 31.27908, longitude: 119.6776716 };
  const canaries = buildCanaries({
    points: [{ latitude: 30.11111, longitude: 110.22222 }, point, point],
    vins: [],
    tags: [],
  });
  expect(scan(Buffer.from('31.27908'), canaries).map(({ of }) => of)).toEqual([1]);
});

test('no canaries, no hits', () => {
  const canaries = buildCanaries({ points: [], vins: [], tags: [] });
  expect(scan(Buffer.from('31.27908,119.6776716 LSGKB54E1HA012345'), canaries)).toEqual([]);
});

test('a VIN or a tag that is too short to be told from chance is refused, by number and not by value', () => {
  expect(() => buildCanaries({ points: [], vins: ['LSGKB54E1HA012345', 'LSGKB'], tags: [] })).toThrow(
    'canary VIN number 1 is too short',
  );
  expect(() => buildCanaries({ points: [], vins: [], tags: [Buffer.alloc(4)] })).toThrow(
    'canary tag number 0 is too short',
  );
});
