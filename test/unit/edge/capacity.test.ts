import { expect, test } from 'vitest';
import { offlineDays, spoolLine } from '../../../edge/capacity.ts';

const HOUR_MS = 3_600_000;

test('room is what is free, divided by what a day brings', () => {
  const use = { maxSize: 10_000_000, bytes: 400_000, sealedBytes: 100_000, elapsedMs: HOUR_MS };
  expect(offlineDays(use)).toBeCloseTo(4, 10);
  expect(offlineDays({ ...use, bytes: 20_000_000 })).toBe(0);
});

test.each([
  ['nothing was sealed', { sealedBytes: 0, elapsedMs: HOUR_MS }],
  ['it has hardly begun', { sealedBytes: 5, elapsedMs: 59_999 }],
])('not known while %s', (_, use) => {
  expect(offlineDays({ maxSize: 10, bytes: 0, ...use })).toBeUndefined();
});

test('is told in days', () => {
  expect(spoolLine(3, 900, 41.9)).toBe(
    '3 frame(s) waiting in 900 bytes; room without an uplink at this rate: 41 day(s)',
  );
  expect(spoolLine(0, 0, 0.26)).toContain('0.3 day(s)');
  expect(spoolLine(0, 0, undefined)).toContain('not known yet');
});
