import { expect, test } from 'vitest';
import { createCaution } from '../../../../cloud/adapters/kafka-caution.ts';
import type { LogRecord } from '../../../../cloud/ports/record-log.ts';

const TOO_LARGE = { code: 10 };
const SPOILT = { code: -172 };

const records = (count: number): LogRecord[] =>
  Array.from({ length: count }, (_, offset) => ({
    ...{ topic: 'raw', partition: 0, offset },
    ...{ key: '1', value: new Uint8Array(0) },
  }));
const [first, second] = records(2) as [LogRecord, LogRecord];

test('what is refused as too large is tried in halves, down to one record, which is then unfit', () => {
  const caution = createCaution();
  const tried: number[] = [];
  for (let count = 600; !caution.isUnfit(first) && tried.length < 20; count = Math.min(count, caution.recordsMax())) {
    tried.push(count);
    caution.failed(records(count), TOO_LARGE);
  }
  expect(tried).toEqual([600, 300, 150, 75, 38, 19, 10, 5, 3, 2, 1]);
  expect(caution.isUnfit(second)).toBe(false);
  caution.committed();
  expect([caution.recordsMax(), caution.isUnfit(first)]).toEqual([2, false]);
});

test('of a transaction that was spoilt nobody says which record it was', () => {
  const caution = createCaution();
  caution.failed(records(2), SPOILT);
  expect(caution.recordsMax()).toBe(1);
  caution.failed([first], SPOILT);
  expect(caution.isUnfit(first)).toBe(false);
});

test('other faults change nothing', () => {
  const caution = createCaution();
  const [most, wait] = [caution.recordsMax(), caution.waitMs()];
  for (const cause of [new Error('away'), undefined, { code: -195 }]) caution.failed([first], cause);
  expect([caution.recordsMax(), caution.waitMs(), caution.isUnfit(first)]).toEqual([most, wait, false]);
});

test('where what is said of it is refused too, the wait is long until something is taken', () => {
  const caution = createCaution();
  const usual = caution.waitMs();
  caution.failed([first], TOO_LARGE);
  expect(caution.waitMs()).toBe(usual);
  caution.failed([first], TOO_LARGE);
  expect(caution.waitMs()).toBeGreaterThan(usual);
  caution.committed();
  expect(caution.waitMs()).toBe(usual);
});
