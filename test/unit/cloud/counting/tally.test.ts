import { expect, test } from 'vitest';
import { createTally, PERSON_NUMBERS_MAX } from '../../../../cloud/counting/tally.ts';

const only = (...persons: readonly number[]) => Uint32Array.from(persons);

test('a person counts once while anybody holds them', () => {
  const tally = createTally();
  tally.hold(only(1, 2));
  tally.hold(only(2, 5_000));
  expect(tally.distinct()).toBe(3);
  tally.release(only(1, 2));
  expect([tally.distinct(), tally.unheld(only(1, 2, 9_999))]).toEqual([2, 2]);
});

test('a person held by more transfers than can be told stays counted', () => {
  const tally = createTally();
  for (let at = 0; at < 65_536; at += 1) tally.hold(only(7));
  for (let at = 0; at < 65_536; at += 1) tally.release(only(7));
  expect(tally.distinct()).toBe(1);
});

test('what cannot be is a bug and stops', () => {
  const tally = createTally();
  expect(() => tally.release(only(3))).toThrow();
  expect(() => tally.hold(only(PERSON_NUMBERS_MAX))).toThrow();
});
