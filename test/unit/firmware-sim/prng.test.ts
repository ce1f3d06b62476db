import { expect, test } from 'vitest';
import { createPrng } from '../../../firmware-sim/prng.ts';

test('the same seed gives the same numbers, another seed gives others', () => {
  const draw = (seed: string) => {
    const prng = createPrng(seed);
    return Array.from({ length: 5 }, () => prng.next());
  };
  expect(draw('a')).toEqual(draw('a'));
  expect(draw('a')).not.toEqual(draw('b'));
  expect(draw('fleet/v0001')).not.toEqual(draw('fleet/v0002'));
});

// Pinned, so that a change of the generator is seen for what it is: every seed then means another fleet.
test('the numbers of a seed are those of every earlier release', () => {
  const prng = createPrng('tongguan');
  expect([prng.whole(0, 999_999), prng.whole(0, 999_999), prng.whole(0, 999_999)]).toMatchInlineSnapshot(`
    [
      77703,
      93944,
      780128,
    ]
  `);
});

test('numbers are spread evenly and normals have mean 0 and deviation 1', () => {
  const prng = createPrng('spread');
  const tenths = new Array<number>(10).fill(0);
  let sum = 0;
  let squares = 0;
  for (let round = 0; round < 100_000; round += 1) {
    const bin = Math.floor(prng.next() * 10);
    tenths[bin] = (tenths[bin] ?? 0) + 1;
    const normal = prng.normal();
    sum += normal;
    squares += normal ** 2;
  }
  for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  expect(Math.abs(sum / 100_000)).toBeLessThan(0.02);
  expect(squares / 100_000).toBeCloseTo(1, 1);
});

test('whole numbers include both ends and nothing beyond', () => {
  const prng = createPrng('ends');
  const drawn = new Set(Array.from({ length: 1_000 }, () => prng.whole(-1, 2)));
  expect([...drawn].sort((a, b) => a - b)).toEqual([-1, 0, 1, 2]);
});
