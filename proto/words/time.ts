import { type Brand, fail, ok, type Result } from './result.ts';

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = Brand<number, 'Instant'>;

/** A day of the mainland calendar (Asia/Shanghai), `YYYY-MM-DD`. Legal days, years and deadlines are counted in it. */
export type CivilDate = Brand<string, 'CivilDate'>;

/** The only way to learn the time; `main.ts` of each tier makes the real one. */
export interface Clock {
  readonly now: () => Instant;
}

/** Has work done after so many milliseconds; what it returns takes that back. */
export type Later = (ms: number, work: () => void) => () => void;

export interface TimeFault {
  readonly code: 'TIME_FORMAT' | 'DATE_FORMAT' | 'DATE_DOES_NOT_EXIST';
}

/** Asia/Shanghai is UTC+8 without daylight saving since 1991-09-15; every rule this product holds is younger. */
export const SHANGHAI_OFFSET_MS = 8 * 3_600_000;

export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** The Shanghai day that an instant falls on: 2026-12-31T15:59:59Z is 2026-12-31, one second later is 2027-01-01. */
export function civilDateOf(instant: Instant): CivilDate {
  return new Date(instant + SHANGHAI_OFFSET_MS).toISOString().slice(0, 10) as CivilDate;
}

/** The calendar year over which persons are counted (G26-I.3, CNT-2). */
export function civilYearOf(instant: Instant): number {
  return new Date(instant + SHANGHAI_OFFSET_MS).getUTCFullYear();
}

/** First instant of a Shanghai day. */
export function startOfDay(date: CivilDate): Instant {
  return (Date.parse(`${date}T00:00:00Z`) - SHANGHAI_OFFSET_MS) as Instant;
}

export function parseCivilDate(text: string): Result<CivilDate, TimeFault> {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return fail({ code: 'DATE_FORMAT' });
  const parsed = new Date(`${text}T00:00:00Z`);
  const exists = !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text);
  return exists ? ok(text as CivilDate) : fail({ code: 'DATE_DOES_NOT_EXIST' });
}

/**
 * Parses RFC 3339 with an explicit offset; a local time without one is a fault, since it could be eight hours off.
 * `Date.parse` would move 30 February and 24:00 to the day after; here neither exists.
 */
export function parseInstant(text: string): Result<Instant, TimeFault> {
  if (!/^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/.test(text))
    return fail({ code: 'TIME_FORMAT' });
  const date = parseCivilDate(text.slice(0, 10));
  if (!date.ok) return date;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? fail({ code: 'TIME_FORMAT' }) : ok(ms as Instant);
}

/** RFC 3339 in the time of Shanghai, to the second: `2026-03-01T09:30:00+08:00`. */
export function toShanghaiIso(instant: Instant): string {
  return `${new Date(instant + SHANGHAI_OFFSET_MS).toISOString().slice(0, 19)}+08:00`;
}

export function toIso(instant: Instant): string {
  return new Date(instant).toISOString();
}
