import { describe, expect, test } from 'vitest';
import { dueDay } from '../../../../cloud/deletion/due-day.ts';
import { WORKING_DAYS } from '../../../../cloud/rules/working-days.table.ts';
import type { CivilDate } from '../../../../proto/words/time.ts';

const due = (day: string): string => dueDay(day as CivilDate, WORKING_DAYS);

describe('the last day of a deletion on request', () => {
  test('is the tenth working day after it: 22 November 2026 is a Sunday, and 4 December a Friday', () => {
    expect(due('2026-11-22')).toBe('2026-12-04');
  });

  test('passes over the holidays of the Spring Festival and counts the Saturdays that make up for them', () => {
    // 12 and 13 February, the working Saturday 14th; holidays to the 23rd; 24th to 27th; the working Saturday 28th; 2 and 3 March.
    expect(due('2026-02-11')).toBe('2026-03-03');
  });

  test('counts every day where the calendar is not known, and so is never too late', () => {
    expect(due('2026-12-25')).toBe('2027-01-04');
    expect(due('2031-05-05')).toBe('2031-05-15');
  });
});
