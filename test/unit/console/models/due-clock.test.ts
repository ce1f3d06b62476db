import { expect, test } from 'vitest';
import { clockOf, duesOf } from '../../../../console/models/due-clock.ts';

const NOW = Date.parse('2026-11-22T04:00:00Z');
const MINUTE_MS = 60_000;

test.each([
  [1_441, 'calm', false],
  [1_439, 'near', false],
  [0, 'over', true],
  [-90, 'over', true],
])('%i minutes before it is due a clock is %s', (minutes, level, isOver) => {
  const clock = clockOf({ dueAt: NOW + minutes * MINUTE_MS, state: 'open' }, NOW);
  expect(clock).toEqual({ minutes: Math.abs(minutes), level, isOver });
});

test('what cannot be counted has no clock that could look calm', () => {
  expect(clockOf({ dueAt: undefined, state: 'uncountable' }, NOW)).toBeUndefined();
  expect(clockOf({ dueAt: NOW + MINUTE_MS, state: 'uncountable' }, NOW)).toBeUndefined();
});

test('what is due of an entry is of its kind as well as of its name', () => {
  const item = (kind: string, entry: string) => ({ kind, entry, state: 'open' }) as never;
  expect(duesOf([item('incident', 'a'), item('pipia', 'a'), item('incident', 'b')], 'incident', 'a')).toHaveLength(1);
});
