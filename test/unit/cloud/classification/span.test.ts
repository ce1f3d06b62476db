import { describe, expect, test } from 'vitest';
import { exceedsMonths } from '../../../../cloud/classification/span.ts';
import type { Instant } from '../../../../proto/words/time.ts';

const at = (text: string) => Date.parse(text) as Instant;

describe('more than a month at a junction', () => {
  test.each([
    ['exactly a month', '2026-03-10T08:00:00+08:00', '2026-04-10T08:00:00+08:00', false],
    ['a month and a second', '2026-03-10T08:00:00+08:00', '2026-04-10T08:00:01+08:00', true],
    ['a month of 28 days', '2026-02-01T00:00:00+08:00', '2026-03-01T00:00:00+08:00', false],
    ['28 days and a second of February', '2026-02-01T00:00:00+08:00', '2026-03-01T00:00:01+08:00', true],
    ['30 days within a month of 31', '2026-03-10T00:00:00+08:00', '2026-04-09T00:00:00+08:00', false],
    ['from the 31st to the end of February', '2026-01-31T12:00:00+08:00', '2026-02-28T12:00:00+08:00', false],
    ['a second more', '2026-01-31T12:00:00+08:00', '2026-02-28T12:00:01+08:00', true],
    // 17:00Z is the next day in Shanghai: the month is that of the mainland.
    ['over the year, by Shanghai days', '2025-12-31T17:00:00Z', '2026-01-31T17:00:00Z', false],
    ['over the year and a second', '2025-12-31T17:00:00Z', '2026-01-31T17:00:01Z', true],
  ])('%s', (_, from, until, isMore) => {
    expect(exceedsMonths(at(from), at(until), 1)).toBe(isMore);
  });

  test('several months are counted from the first day, not one after the other', () => {
    expect(exceedsMonths(at('2026-01-31T00:00:00+08:00'), at('2026-03-31T00:00:00+08:00'), 2)).toBe(false);
    expect(exceedsMonths(at('2026-01-31T00:00:00+08:00'), at('2026-03-31T00:00:01+08:00'), 2)).toBe(true);
  });
});
