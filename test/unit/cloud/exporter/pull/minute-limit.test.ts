import { expect, test } from 'vitest';
import { createMinuteLimit } from '../../../../../cloud/exporter/pull/minute-limit.ts';
import type { Instant } from '../../../../../proto/words/time.ts';

const MINUTE_MS = 60_000;
const at = (ms: number): Instant => ms as Instant;

test('so many in a minute by the clock, each caller by itself, and all of them anew in the next', () => {
  const isWithin = createMinuteLimit(2);
  const told = (caller: string, ms: number): boolean => isWithin(caller, at(ms));
  expect([told('a', 0), told('a', 1), told('a', MINUTE_MS - 1)]).toEqual([true, true, false]);
  expect(told('b', MINUTE_MS - 1)).toBe(true);
  expect([told('a', MINUTE_MS), told('a', MINUTE_MS), told('a', MINUTE_MS)]).toEqual([true, true, false]);
});

test('a clock that is put back to another minute begins that minute', () => {
  const isWithin = createMinuteLimit(1);
  expect([isWithin('a', at(MINUTE_MS)), isWithin('a', at(0)), isWithin('a', at(1))]).toEqual([true, true, false]);
});
