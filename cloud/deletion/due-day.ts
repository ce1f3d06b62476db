import type { CivilDate } from '../../proto/words/time.ts';
import { addDays, workingDayAfter } from '../transfer/civil-days.ts';
import type { CalendarRow } from '../transfer/rule.ts';

/** Sensitive personal information is deleted within so many working days of the request (SP21-9, GB/T 44464 5.7.1). */
export const DELETION_WORKING_DAYS = 10;

/**
 * The last day on which a request may be carried out. Where the calendar of a year is not known, working days are counted as
 * if there were no day off: that is never too late.
 */
export function dueDay(requestedOn: CivilDate, calendars: readonly CalendarRow[]): CivilDate {
  const day = workingDayAfter(requestedOn, DELETION_WORKING_DAYS, calendars);
  return day === 'unknown' ? addDays(requestedOn, DELETION_WORKING_DAYS) : day;
}
