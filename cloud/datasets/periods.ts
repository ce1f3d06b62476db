import { type CivilDate, DAY_MS, type Instant, SHANGHAI_OFFSET_MS } from '../../proto/words/time.ts';
import type { Period } from './definition.ts';

/** A day of the mainland calendar as a number, counted from 1970-01-01. */
export type DayNumber = number;

export const dayNumberOf = (at: Instant): DayNumber => Math.floor((at + SHANGHAI_OFFSET_MS) / DAY_MS);
export const dayNumberOfDate = (date: string): DayNumber => Math.floor(Date.parse(`${date}T00:00:00Z`) / DAY_MS);
export const dateOfDay = (day: DayNumber): CivilDate => new Date(day * DAY_MS).toISOString().slice(0, 10) as CivilDate;

/** First day of the period that a day lies in; 1970-01-05 was a Monday. */
export function periodStart(period: Period, day: DayNumber): DayNumber {
  if (period === 'day') return day;
  if (period === 'week') return Math.floor((day - MONDAY) / 7) * 7 + MONDAY;
  const date = new Date(day * DAY_MS);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / DAY_MS;
}

/** Last day of the period that begins on a day. */
export function periodEnd(period: Period, start: DayNumber): DayNumber {
  if (period === 'day') return start;
  if (period === 'week') return start + 6;
  const date = new Date(start * DAY_MS);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / DAY_MS - 1;
}

const MONDAY = 4;
