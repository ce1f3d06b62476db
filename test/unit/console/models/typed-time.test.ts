import { describe, expect, test } from 'vitest';
import { instantText, isTimeOrNone, typedDay, typedMoment } from '../../../../console/models/typed-time.ts';

describe('a typed day', () => {
  test.each([
    ['2026-11-23', '2026-11-23'],
    [' 2026/1/5 ', '2026-01-05'],
    ['2026.11.23', '2026-11-23'],
    ['20261123', '2026-11-23'],
    ['2026年11月23日', '2026-11-23'],
    ['２０２６-１１-２３', '2026-11-23'],
    ['2028-02-29', '2028-02-29'],
  ])('%s is %s', (typed, day) => {
    expect(typedDay(typed)).toBe(day);
  });

  test.each(['', '11/23/2026', '2026-02-30', '2026-13-01', '2027-02-29', '2026-11', '2026-11-23 10:00', 'today'])(
    '%s is none',
    (typed) => {
      expect(typedDay(typed)).toBeUndefined();
    },
  );
});

describe('a typed time', () => {
  test.each([
    ['2026-11-23 14:05', '2026-11-23T14:05:00'],
    ['2026-11-23T14:05:09', '2026-11-23T14:05:09'],
    ['2026年1月5日 8:30', '2026-01-05T08:30:00'],
    ['2026-11-23 １４：０５', '2026-11-23T14:05:00'],
  ])('%s is %s', (typed, moment) => {
    expect(typedMoment(typed)).toBe(moment);
  });

  test.each(['', '2026-11-23', '2026-11-23 24:00', '2026-11-23 12:60', '2026-02-30 12:00', '2026-11-23 2:05 pm'])(
    '%s is none',
    (typed) => {
      expect(typedMoment(typed)).toBeUndefined();
    },
  );
});

test('a question names it with its zone; what is no time is not asked for, and not taken for none', () => {
  expect(instantText('2026/11/23 14:05')).toBe('2026-11-23T14:05:00+08:00');
  expect(['', 'noon'].map(instantText)).toEqual(['', '']);
  expect(['', ' ', '2026-11-23 14:05', 'noon'].map(isTimeOrNone)).toEqual([true, true, true, false]);
});
