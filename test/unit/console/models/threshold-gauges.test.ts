import { expect, test } from 'vitest';
import type { Counts } from '../../../../console/api/answers.ts';
import { gaugesOf } from '../../../../console/models/threshold-gauges.ts';

const counts = (over: Partial<Counts>): Counts => ({
  ...{ on: '2026-06-30', year: 2026, counts: 'all' },
  persons: { all: 50_000, outsideExemptions: 10 },
  sensitivePersons: { all: 0, outsideExemptions: 0 },
  thresholds: [{ counter: 'persons', threshold: 100_000, rule: 'B1', reachedOn: null }],
  ...over,
});

test.each([
  [49_999, null, 'calm'],
  [50_000, null, 'near'],
  [10, '2026-12-01', 'near'],
  [89_999, null, 'near'],
  [90_000, null, 'close'],
] as const)('%i of 100,000, reached on %s, is %s', (all, reachedOn, level) => {
  const thresholds = [{ counter: 'persons', threshold: 100_000, rule: 'B1', reachedOn }] as const;
  expect(gaugesOf(counts({ persons: { all, outsideExemptions: 0 }, thresholds }))).toMatchObject([
    { count: all, level },
  ]);
});

test('what counts is what the law of the day counts', () => {
  expect(gaugesOf(counts({ counts: 'outsideExemptions' }))[0]).toMatchObject({ count: 10, share: 0.0001 });
});

test('a gauge is never more than full', () => {
  const persons = { all: 200_000, outsideExemptions: 0 };
  expect(gaugesOf(counts({ persons }))[0]).toMatchObject({ share: 1, level: 'close' });
});
