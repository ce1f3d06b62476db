import { expect, test } from 'vitest';
import {
  createStrangerLimit,
  type StrangerLimit,
  sourceOf,
} from '../../../../../cloud/exporter/pull/stranger-limit.ts';

const START = Date.UTC(2026, 2, 1);
const DAY_MS = 86_400_000;

/** How many of so many connections are let in. */
function admitted(limit: StrangerLimit, many: number, address: (at: number) => string, nowMs = START): number {
  return Array.from({ length: many }, (_, at) => limit.admit(address(at), nowMs)).filter((one) => one !== undefined)
    .length;
}

const own = (at: number): string => `198.51.${at >> 8}.${at & 255}`;

test('one source has its part, and leaves the others theirs', () => {
  const limit = createStrangerLimit();
  expect(admitted(limit, 5_000, () => '203.0.113.9')).toBe(20);
  expect(limit.admit('203.0.113.10', START)).toBeDefined();
});

test('all strangers together have no more than theirs, from however many addresses, and little more of it a day later', () => {
  const limit = createStrangerLimit();
  expect(admitted(limit, 5_000, own)).toBe(200);
  const aDay = Array.from({ length: 1_440 }, (_, minute) =>
    admitted(limit, 10, (at) => own(minute * 10 + at), START + minute * 60_000),
  );
  expect(aDay.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(960);
  expect(admitted(limit, 5_000, own, START + DAY_MS)).toBeLessThan(10);
});

test('an address where a recipient was is served while strangers have used up theirs, and has a limit of its own', () => {
  const limit = createStrangerLimit();
  limit.admit('192.0.2.1', START)?.vouch();
  admitted(limit, 5_000, own);
  expect(limit.admit('192.0.2.2', START)).toBeUndefined();
  for (let turn = 0; turn < 1_000; turn += 1) {
    const admission = limit.admit('192.0.2.1', START);
    expect(admission).toBeDefined();
    admission?.vouch();
  }
  expect(admitted(limit, 1_000, () => '192.0.2.1')).toBe(60);
});

test('whoever turns out to be a recipient has used nothing up', () => {
  const limit = createStrangerLimit();
  for (let at = 0; at < 1_000; at += 1) limit.admit(own(at), START)?.vouch();
  expect(admitted(limit, 5_000, (at) => `203.0.${at >> 8}.${at & 255}`)).toBe(200);
});

test('a clock that is set back gives nothing back', () => {
  const limit = createStrangerLimit();
  admitted(limit, 5_000, own);
  expect(admitted(limit, 100, own, START - DAY_MS)).toBe(0);
  expect(admitted(limit, 100, own, START)).toBe(0);
});

test.each([
  ['198.51.100.7', '198.51.100.7'],
  ['::ffff:198.51.100.7', '198.51.100.7'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:db8::ffff:2', '2001:db8:0:0::/64'],
  ['2001:db8:0:1::2', '2001:db8:0:1::/64'],
  ['', 'unknown'],
])('%s counts as %s', (address, source) => expect(sourceOf(address)).toBe(source));
