import { describe, expect, test } from 'vitest';
import {
  civilDateOf,
  civilYearOf,
  type Instant,
  parseCivilDate,
  parseInstant,
  startOfDay,
  toIso,
} from '../../../../proto/words/time.ts';

function at(text: string): Instant {
  const parsed = parseInstant(text);
  if (!parsed.ok) throw new Error(parsed.fault.code);
  return parsed.value;
}

describe('Shanghai days and years', () => {
  test.each([
    ['2026-12-31T15:59:59Z', '2026-12-31', 2026],
    ['2026-12-31T15:59:59.999Z', '2026-12-31', 2026],
    ['2026-12-31T16:00:00Z', '2027-01-01', 2027],
    ['2027-01-01T00:00:00Z', '2027-01-01', 2027],
    ['2028-02-28T15:59:59Z', '2028-02-28', 2028],
    ['2028-02-28T16:00:00Z', '2028-02-29', 2028],
    ['2026-12-31T23:59:59+08:00', '2026-12-31', 2026],
    ['2027-01-01T00:00:00+08:00', '2027-01-01', 2027],
  ])('%s is %s', (text, date, year) => {
    expect(civilDateOf(at(text))).toBe(date);
    expect(civilYearOf(at(text))).toBe(year);
  });

  test('a day begins where the day before ends', () => {
    const parsed = parseCivilDate('2027-01-01');
    const start = parsed.ok ? startOfDay(parsed.value) : (0 as Instant);
    expect(toIso(start)).toBe('2026-12-31T16:00:00.000Z');
    expect(civilDateOf((start - 1) as Instant)).toBe('2026-12-31');
  });
});

describe('parseCivilDate', () => {
  test.each(['2026-01-31', '2028-02-29', '2000-02-29'])('takes %s', (text) => {
    expect(parseCivilDate(text)).toEqual({ ok: true, value: text });
  });

  test.each([
    ['2026-02-29', 'DATE_DOES_NOT_EXIST'],
    ['2100-02-29', 'DATE_DOES_NOT_EXIST'],
    ['2026-04-31', 'DATE_DOES_NOT_EXIST'],
    ['2026-13-01', 'DATE_DOES_NOT_EXIST'],
    ['2026-00-10', 'DATE_DOES_NOT_EXIST'],
    ['2026-01-00', 'DATE_DOES_NOT_EXIST'],
    ['2026-1-1', 'DATE_FORMAT'],
    ['20260101', 'DATE_FORMAT'],
    ['2026-01-01T00:00:00Z', 'DATE_FORMAT'],
    ['2026-01-01\n', 'DATE_FORMAT'],
    ['２０２６-01-01', 'DATE_FORMAT'],
    ['', 'DATE_FORMAT'],
  ])('refuses %j', (text, code) => {
    expect(parseCivilDate(text)).toEqual({ ok: false, fault: { code } });
  });
});

describe('parseInstant', () => {
  test.each([
    ['2020-07-18T01:07:17.000Z', 1_595_034_437_000],
    ['2020-07-18T09:07:17+08:00', 1_595_034_437_000],
    ['2020-07-17T20:07:17-05:00', 1_595_034_437_000],
    ['2020-07-18T01:07:17.123456789Z', 1_595_034_437_123],
    ['1970-01-01T00:00:00Z', 0],
  ])('reads %s', (text, ms) => {
    expect(parseInstant(text)).toEqual({ ok: true, value: ms });
  });

  test.each([
    ['a local time, which could be eight hours off', '2020-07-18T01:07:17'],
    ['a blank instead of T', '2020-07-18 01:07:17Z'],
    ['a leap second', '2016-12-31T23:59:60Z'],
    ['hour 24', '2020-07-18T24:00:00Z'],
    ['minute 60', '2020-07-18T01:60:00Z'],
    ['an offset that is none', '2020-07-18T01:07:17+99:99'],
    ['milliseconds since 1970', '1595034437000'],
    ['a date', '2020-07-18'],
    ['a line feed after it', '2020-07-18T01:07:17Z\n'],
    ['nothing', ''],
  ])('refuses %s', (_, text) => {
    expect(parseInstant(text)).toEqual({ ok: false, fault: { code: 'TIME_FORMAT' } });
  });

  test.each(['2026-02-29T00:00:00Z', '2026-02-30T12:00:00+08:00', '2026-04-31T00:00:00Z', '2026-13-01T00:00:00Z'])(
    'refuses %s, a day that does not exist',
    (text) => {
      expect(parseInstant(text)).toEqual({ ok: false, fault: { code: 'DATE_DOES_NOT_EXIST' } });
    },
  );
});
