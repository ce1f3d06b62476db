import { describe, expect, test } from 'vitest';
import { WORKING_DAYS } from '../../../../cloud/rules/working-days.table.ts';
import { addDays, addYears, earliestDay, workingDayAfter } from '../../../../cloud/transfer/civil-days.ts';
import type { CivilDate } from '../../../../proto/words/time.ts';

const day = (text: string) => text as CivilDate;

describe('days of the mainland calendar', () => {
  test('days run over months, leap days and years', () => {
    expect(addDays(day('2026-12-31'), 1)).toBe('2027-01-01');
    expect(addDays(day('2028-02-28'), 1)).toBe('2028-02-29');
    expect(addDays(day('2026-03-01'), -1)).toBe('2026-02-28');
  });

  test('years keep the day, and 29 February ends early', () => {
    expect(addYears(day('2026-05-15'), 3)).toBe('2029-05-15');
    expect(addYears(day('2024-02-29'), 3)).toBe('2027-02-28');
    expect(addYears(day('2024-02-29'), 4)).toBe('2028-02-29');
  });

  test('the earliest day', () => {
    expect(earliestDay(day('2026-05-15'), [day('2027-01-01'), day('2026-05-14')])).toBe('2026-05-14');
    expect(earliestDay(day('2026-05-15'), [])).toBe('2026-05-15');
  });

  // Counted by hand on the calendar of 2026; the day of the event is not counted.
  test.each([
    ['2026-03-02', 10, '2026-03-16'],
    ['2026-03-02', 0, '2026-03-02'],
    ['2026-03-06', 1, '2026-03-09'],
    ['2026-01-01', 1, '2026-01-04'],
    ['2026-02-13', 1, '2026-02-14'],
    ['2026-02-14', 1, '2026-02-24'],
    ['2026-02-27', 1, '2026-02-28'],
    ['2026-04-03', 1, '2026-04-07'],
    ['2026-04-30', 1, '2026-05-06'],
    ['2026-05-08', 1, '2026-05-09'],
    ['2026-06-18', 1, '2026-06-22'],
    ['2026-09-19', 1, '2026-09-20'],
    ['2026-09-24', 1, '2026-09-28'],
    ['2026-09-30', 1, '2026-10-08'],
    ['2026-10-09', 1, '2026-10-10'],
    ['2026-10-10', 1, '2026-10-12'],
    ['2026-09-21', 10, '2026-10-12'],
  ])('%s and %i working days give %s', (from, workingDays, expected) => {
    expect(workingDayAfter(day(from), workingDays, WORKING_DAYS)).toBe(expected);
  });

  test('a year without a calendar is not guessed', () => {
    expect(workingDayAfter(day('2026-12-30'), 1, WORKING_DAYS)).toBe('2026-12-31');
    expect(workingDayAfter(day('2026-12-31'), 1, WORKING_DAYS)).toBe('unknown');
    expect(workingDayAfter(day('2025-06-02'), 1, WORKING_DAYS)).toBe('unknown');
  });
});
