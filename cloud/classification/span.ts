import { DAY_MS, type Instant, SHANGHAI_OFFSET_MS } from '../../proto/words/time.ts';

/**
 * Is a span longer than so many calendar months? Exactly a month is not; one millisecond more is.
 *
 * A month ends on the same day and time of day of the next month in Asia/Shanghai; where that month is shorter, on its
 * last day: 31 January to 28 February is a month. The shorter end is the stricter one.
 *
 * @param from - begin of the span, UTC milliseconds
 * @param until - its end, not before `from`
 */
export function exceedsMonths(from: Instant, until: Instant, months: number): boolean {
  return until > monthsAfter(from, months);
}

function monthsAfter(at: Instant, months: number): number {
  const local = new Date(at + SHANGHAI_OFFSET_MS);
  const [year, month, day] = [local.getUTCFullYear(), local.getUTCMonth() + months, local.getUTCDate()];
  const daysOfMonth = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const timeOfDay = local.getTime() % DAY_MS;
  return Date.UTC(year, month, Math.min(day, daysOfMonth)) + timeOfDay - SHANGHAI_OFFSET_MS;
}
