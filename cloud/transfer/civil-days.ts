import { type CivilDate, DAY_MS } from '../../proto/words/time.ts';
import type { CalendarRow } from './rule.ts';

/** The day `days` days after (or, below zero, before) a day. */
export function addDays(day: CivilDate, days: number): CivilDate {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10) as CivilDate;
}

/** ISO days sort as text. */
export function earliestDay(first: CivilDate, others: readonly CivilDate[]): CivilDate {
  return [first, ...others].toSorted()[0] ?? first;
}

/** The same day `years` years on; 29 February gives 28 February, the stricter end of a term. */
export function addYears(day: CivilDate, years: number): CivilDate {
  const year = String(Number(day.slice(0, 4)) + years).padStart(4, '0');
  const isLeapDay = day.endsWith('-02-29');
  const kept = `${year}${day.slice(4)}`;
  return (isLeapDay && !isLeapYear(Number(year)) ? `${year}-02-28` : kept) as CivilDate;
}

/** The same day `months` months on; where that month is too short its last day, the stricter end of a term. */
export function addMonths(day: CivilDate, months: number): CivilDate {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  const lastOfMonth = new Date(Date.UTC(year, month + months, 0));
  lastOfMonth.setUTCDate(Math.min(date, lastOfMonth.getUTCDate()));
  return lastOfMonth.toISOString().slice(0, 10) as CivilDate;
}

/**
 * The n-th working day after a day. The day itself is not counted.
 *
 * @returns `unknown` once the count leaves the years that have a calendar: we do not guess holidays
 */
export function workingDayAfter(
  day: CivilDate,
  workingDays: number,
  calendars: readonly CalendarRow[],
): CivilDate | 'unknown' {
  return countWorkingDays(day, workingDays, 1, calendars);
}

/** The n-th working day before a day, which itself is not counted; `unknown` as for `workingDayAfter`. */
export function workingDayBefore(
  day: CivilDate,
  workingDays: number,
  calendars: readonly CalendarRow[],
): CivilDate | 'unknown' {
  return countWorkingDays(day, workingDays, -1, calendars);
}

function countWorkingDays(
  day: CivilDate,
  workingDays: number,
  step: 1 | -1,
  calendars: readonly CalendarRow[],
): CivilDate | 'unknown' {
  let current = day;
  for (let left = workingDays; left > 0; ) {
    current = addDays(current, step);
    const calendar = calendars.find((row) => String(row.year) === current.slice(0, 4));
    if (calendar === undefined) return 'unknown';
    if (isWorkingDay(current, calendar)) left -= 1;
  }
  return current;
}

function isWorkingDay(day: CivilDate, calendar: CalendarRow): boolean {
  if (calendar.workingWeekendDays.includes(day)) return true;
  if (calendar.holidays.some(([first, last]) => first <= day && day <= last)) return false;
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6;
}

function isLeapYear(year: number): boolean {
  return new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;
}
