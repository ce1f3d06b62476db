import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FENCE_MARGIN_M, indexFences } from '../../../../edge/fences/fence-index.ts';
import type { Ring } from '../../../../proto/codec/fence-codec.ts';
import { distanceM } from '../../../../proto/geo/distance.ts';
import { cellOf } from '../../../../proto/geo/grid.ts';
import { squareAt } from '../../../support/edge/fence-sets.ts';
import { positionAt, type Spot } from '../../../support/edge/map.ts';

const spot: fc.Arbitrary<Spot> = fc.tuple(
  fc.integer({ min: -60_000, max: 60_000 }),
  fc.integer({ min: -60_000, max: 60_000 }),
);
const square = fc.record({ at: spot, halfM: fc.integer({ min: 100, max: 4_000 }) });

describe('fence index', () => {
  test('a position is near exactly when it lies in a square or within the margin of one, on the plane they were drawn on', () => {
    let near = 0;
    fc.assert(
      fc.property(fc.array(square, { minLength: 12, maxLength: 30 }), spot, (squares, at) => {
        const index = indexFences(squares.map((one) => squareAt(one.at, one.halfM)));
        const gaps = squares.map((one) => {
          const [east, north] = [0, 1].map((axis) =>
            Math.max(0, Math.abs((at[axis] ?? 0) - (one.at[axis] ?? 0)) - one.halfM),
          );
          return Math.hypot(east ?? 0, north ?? 0);
        });
        const gap = Math.min(...gaps);
        // A sphere against a plane is off by half a percent.
        if (Math.abs(gap - FENCE_MARGIN_M) < 10) return;
        near += gap < FENCE_MARGIN_M ? 1 : 0;
        expect(index.isNear(positionAt(at))).toBe(gap < FENCE_MARGIN_M);
      }),
      { numRuns: 2_000 },
    );
    expect(near).toBeGreaterThan(20);
  });

  test('a cell that holds a position near a fence is silent as a whole; one that is not is some way off', () => {
    let silent = 0;
    fc.assert(
      fc.property(square, spot, fc.constantFrom(1_000, 5_000, 10_000), ({ at: centre, halfM }, at, sizeM) => {
        const index = indexFences([squareAt(centre, halfM)]);
        const position = positionAt(at);
        const cell = cellOf(position, sizeM);
        if (index.isNear(position)) expect(index.blocks(cell)).toBe(true);
        silent += index.blocks(cell) ? 1 : 0;
        const isFar =
          distanceM(position, positionAt(centre)) > halfM * Math.SQRT2 + FENCE_MARGIN_M * 2 + 3 * sizeM + 1_000;
        if (isFar) expect(index.blocks(cell)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
    expect(silent).toBeGreaterThan(5);
  });

  test('cells at the seam of two zones are asked with what the seam joins to them', () => {
    // 121.5 degrees east is the seam of zones 40 and 41.
    for (let step = -40; step <= 40; step += 1) {
      const at = {
        latitudeMicrodeg: 31_200_000,
        longitudeMicrodeg: 121_500_000 + step * 2_000,
        datum: 'WGS-84',
      } as never;
      const ring = [-1, 1].flatMap((east) => [-1, 1].map((north) => ({ east, north: north * east }))) as never as {
        east: number;
        north: number;
      }[];
      const corners = ring.map(({ east, north }) => ({
        datum: 'WGS-84',
        latitudeMicrodeg: 31_200_000 + north * 1_000,
        longitudeMicrodeg: 121_500_000 + step * 2_000 + east * 1_000,
      })) as never as Ring;
      const index = indexFences([corners], 100);
      expect(index.isNear(at)).toBe(true);
      expect(index.blocks(cellOf(at, 5_000))).toBe(true);
    }
  });

  test('no fences are near nothing', () => {
    const none = indexFences([]);
    expect([none.isNear(positionAt([0, 0])), none.blocks(cellOf(positionAt([0, 0]), 5_000))]).toEqual([false, false]);
  });

  test('a ring with a notch: the notch is outside but for the margin', () => {
    const ring = [
      [0, 0],
      [9_000, 0],
      [9_000, 9_000],
      [6_000, 9_000],
      [6_000, 3_000],
      [3_000, 3_000],
      [3_000, 9_000],
      [0, 9_000],
    ].map(([east = 0, north = 0]) => positionAt([east, north]));
    for (const turned of [ring, [...ring].reverse()]) {
      const index = indexFences([turned]);
      const near = (at: Spot) => index.isNear(positionAt(at));
      expect([near([1_500, 6_000]), near([7_500, 6_000]), near([4_500, 1_000])]).toEqual([true, true, true]);
      expect([near([4_500, 6_000]), near([4_500, 3_300]), near([4_500, 9_600])]).toEqual([false, true, false]);
    }
  });
});
