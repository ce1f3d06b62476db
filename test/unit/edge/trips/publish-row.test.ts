import { describe, expect, test } from 'vitest';
import { publishRow, ratioClass } from '../../../../edge/trips/publish-row.ts';
import type { Trip } from '../../../../edge/trips/trip.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { later, MORNING } from '../../../support/edge/candidates.ts';
import { positionAt } from '../../../support/edge/map.ts';

function tripOf(at: Instant, minutes: number, metres: number): Trip {
  const points = [
    { at, position: positionAt([0, 0]) },
    { at: later(at, minutes * 60_000), position: positionAt([5_000, 0]) },
  ];
  return { points, distanceM: metres, isWhole: true };
}

/** The number just below, so that no smaller step exists to the edge. */
function justBelow(value: number): number {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  bits.setBigInt64(0, bits.getBigInt64(0) - 1n);
  return bits.getFloat64(0);
}

describe('publishRow', () => {
  test('holds the day and two classes: no hour, tag, id, cell or order', () => {
    expect(publishRow(tripOf(MORNING, 24, 9_000))).toEqual({
      kind: 'trip',
      localDate: 20_200_718,
      distanceClass: 5,
      durationClass: 3,
    });
  });

  test.each([
    ['2020-07-18T23:59:59.999+08:00', 20_200_718],
    ['2020-07-19T00:00:00+08:00', 20_200_719],
    ['2020-07-19T00:01:00+08:00', 20_200_719],
    ['2020-07-19T07:59:00+08:00', 20_200_719],
    ['2020-07-19T08:00:00+08:00', 20_200_719],
    ['2026-12-31T15:59:59Z', 20_261_231],
    ['2026-12-31T16:00:00Z', 20_270_101],
  ])('a trip that began at %s belongs to the Shanghai day %i', (text, localDate) => {
    expect(publishRow(tripOf(Date.parse(text) as Instant, 30, 9_000))?.localDate).toBe(localDate);
  });

  test('a trip over midnight belongs to the day it began', () => {
    expect(publishRow(tripOf(Date.parse('2020-07-18T23:50:00+08:00') as Instant, 60, 9_000))?.localDate).toBe(
      20_200_718,
    );
  });

  test('nothing comes of a trip without points', () => {
    expect(publishRow({ points: [], distanceM: 0, isWhole: true })).toBeUndefined();
  });

  test.each([
    [0, 0, 0],
    [4.999, 499.9, 0],
    [5, 500, 1],
    [9.999, 999.9, 1],
    [10, 1_000, 2],
    [20, 2_000, 3],
    [39.999, 3_999.9, 3],
    [40, 4_000, 4],
    [640, 64_000, 8],
  ])('%d minutes and %d m are class %i', (minutes, metres, expected) => {
    expect(publishRow(tripOf(MORNING, minutes, metres))).toMatchObject({
      distanceClass: expected,
      durationClass: expected,
    });
  });
});

describe('ratioClass', () => {
  test.each([0.5, 5])('doubles its edges from %d on, exactly on both sides of each', (unit) => {
    for (let index = 0; index < 20; index += 1) {
      const edge = unit * 2 ** index;
      expect([ratioClass(justBelow(edge), unit), ratioClass(edge, unit)]).toEqual([index, index + 1]);
    }
  });

  test('stays within what the schema holds', () => {
    expect([
      ratioClass(-1, 5),
      ratioClass(Number.NaN, 5),
      ratioClass(Number.MAX_VALUE, 5),
      ratioClass(Infinity, 5),
    ]).toEqual([0, 0, 20, 20]);
  });
});
