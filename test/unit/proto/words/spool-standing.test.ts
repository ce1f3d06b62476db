import { expect, test } from 'vitest';
import { eighthsOf, OFFLINE_DAYS_FROM, offlineClassOf, offlineDaysOf } from '../../../../proto/words/spool-standing.ts';

test.each([
  [0, 0],
  [1, 1],
  [125, 1],
  [126, 2],
  [1_000, 8],
  [5_000, 8],
])('%d bytes of 1,000 are %d eighths', (bytes, eighths) => {
  expect(eighthsOf(bytes, 1_000)).toBe(eighths);
});

test.each([
  [undefined, 0, undefined],
  [0, 1, { from: 0, below: 1 }],
  [0.99, 1, { from: 0, below: 1 }],
  [1, 2, { from: 1, below: 3 }],
  [29.9, 5, { from: 14, below: 30 }],
  [4_000, 6, { from: 30 }],
])('%s days are class %d', (days, offlineClass, range) => {
  expect(offlineClassOf(days)).toBe(offlineClass);
  expect(offlineDaysOf(offlineClass)).toEqual(range);
});

test('the schema has room for each class and no more', () => {
  expect(OFFLINE_DAYS_FROM).toHaveLength(6);
  expect(offlineDaysOf(7)).toBeUndefined();
});
