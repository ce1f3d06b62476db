import { describe, expect, test } from 'vitest';
import { countOf, missingFrom, withRange } from '../../../../cloud/ingest/extents.ts';
import type { Extents } from '../../../../cloud/ports/ledger.ts';

const held: Extents = [
  [10, 20],
  [30, 40],
];

describe('missingFrom', () => {
  test.each<[string, number, number, Extents]>([
    ['before everything', 0, 5, [[0, 5]]],
    ['up to the first', 0, 10, [[0, 10]]],
    ['into the first', 5, 15, [[5, 10]]],
    ['inside', 12, 18, []],
    ['exactly one', 10, 20, []],
    ['across a gap', 15, 35, [[20, 30]]],
    ['the gap itself', 20, 30, [[20, 30]]],
    [
      'over all',
      0,
      50,
      [
        [0, 10],
        [20, 30],
        [40, 50],
      ],
    ],
    ['after everything', 40, 41, [[40, 41]]],
    ['nothing', 7, 7, []],
  ])('%s', (_, from, to, missing) => {
    expect(missingFrom(held, from, to)).toEqual(missing);
  });
});

describe('withRange', () => {
  test.each<[string, number, number, Extents]>([
    [
      'appends to the last',
      40,
      45,
      [
        [10, 20],
        [30, 45],
      ],
    ],
    ['joins two', 20, 30, [[10, 40]]],
    [
      'joins from the left',
      5,
      10,
      [
        [5, 20],
        [30, 40],
      ],
    ],
    [
      'stands alone between',
      22,
      28,
      [
        [10, 20],
        [22, 28],
        [30, 40],
      ],
    ],
    ['swallows all', 0, 99, [[0, 99]]],
    ['changes nothing when it is held', 11, 19, held],
    ['changes nothing when it is empty', 25, 25, held],
    [
      'stands alone in front',
      1,
      2,
      [
        [1, 2],
        [10, 20],
        [30, 40],
      ],
    ],
  ])('%s', (_, from, to, after) => {
    expect(withRange(held, from, to)).toEqual(after);
  });

  test('leaves what it was given as it was', () => {
    withRange(held, 0, 99);
    expect(held).toEqual([
      [10, 20],
      [30, 40],
    ]);
  });
});

test('countOf adds up', () => {
  expect(countOf([])).toBe(0);
  expect(countOf(held)).toBe(20);
});
