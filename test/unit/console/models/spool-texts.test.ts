import { expect, test } from 'vitest';
import { depthText, offlineDaysText, type ToldSpool } from '../../../../console/models/spool-texts.ts';

const spool = (change: Partial<ToldSpool>): ToldSpool => ({
  ...{ eighths: 0, offlineDays: null, toldAt: '2026-11-22T00:00:00Z' },
  ...change,
});

test('depth is a share that is not exceeded; a device that never told has none', () => {
  expect([0, 1, 8].map((eighths) => depthText(spool({ eighths })))).toEqual(['0', '≤ 1/8', '≤ 8/8']);
  expect(depthText(null)).toBeUndefined();
});

test('days are a range; there are none of a device that never told, or did not know them itself', () => {
  expect(offlineDaysText(spool({ offlineDays: { from: 0, below: 1 } }))).toBe('< 1');
  expect(offlineDaysText(spool({ offlineDays: { from: 3, below: 7 } }))).toBe('3–7');
  expect(offlineDaysText(spool({ offlineDays: { from: 30 } }))).toBe('≥ 30');
  expect([null, spool({})].map(offlineDaysText)).toEqual([undefined, undefined]);
});
