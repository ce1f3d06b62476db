/** Digits as a Chinese keyboard types them, and the signs that people put between parts of a day. */
const FULL_WIDTH = /[\uff10-\uff19\uff1a]/g;
const FULL_WIDTH_SHIFT = 0xfee0;
const DAY = /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$/;
const DIGITS = /^(\d{4})(\d{2})(\d{2})$/;
const MOMENT = /^(.+?)(?:T|\s+)(\d{1,2}):(\d{2})(?::(\d{2}))?$/;
const [HOUR_MAX, SIXTIETH_MAX] = [23, 59];

const plain = (text: string): string =>
  text.trim().replace(FULL_WIDTH, (sign) => String.fromCharCode(sign.charCodeAt(0) - FULL_WIDTH_SHIFT));

/** A typed day as `2026-11-22`; undefined for what is none, such as 30 February. */
export function typedDay(text: string): string | undefined {
  const [, year, month, day] = DAY.exec(plain(text)) ?? DIGITS.exec(plain(text)) ?? [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const at = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(iso) ? iso : undefined;
}

/** A typed time as `2026-11-22T14:05:00`, without a zone; undefined for what is none. */
export function typedMoment(text: string): string | undefined {
  const [, day, hour, minute, second = '00'] = MOMENT.exec(plain(text)) ?? [];
  const iso = typedDay(day ?? '');
  if (iso === undefined || hour === undefined || minute === undefined) return undefined;
  if (Number(hour) > HOUR_MAX || Number(minute) > SIXTIETH_MAX || Number(second) > SIXTIETH_MAX) return undefined;
  return `${iso}T${hour.padStart(2, '0')}:${minute}:${second}`;
}

/** What is typed is a time of Asia/Shanghai. */
const MAINLAND = '+08:00';

/** A time that was typed, as RFC 3339; empty for none. */
export function instantText(typed: string): string {
  const moment = typedMoment(typed);
  return moment === undefined ? '' : `${moment}${MAINLAND}`;
}

/** Whether nothing stands there, or a time. */
export const isTimeOrNone = (typed: string): boolean => typed.trim() === '' || typedMoment(typed) !== undefined;
