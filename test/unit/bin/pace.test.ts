import fc from 'fast-check';
import { expect, test } from 'vitest';
import { paceOf } from '../../../bin/up/pace.ts';
import { DAY_MS, type Instant } from '../../../proto/words/time.ts';

test('drives begin at seven of a working morning, a day ago at least and ten at most, whatever the hour is now', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_000 }), fc.integer({ min: 1.7e12, max: 1.9e12 }), (vehicles, at) => {
      const { start, speed } = paceOf(vehicles, 4, at as Instant);
      const days = (at - Date.parse(start)) / DAY_MS;
      expect(start).toMatch(/T23:00:00(\.000)?Z$/);
      // Seven in Shanghai is the evening before in UTC: Sunday to Thursday.
      expect([0, 1, 2, 3, 4]).toContain(new Date(start).getUTCDay());
      expect(days).toBeGreaterThanOrEqual(1);
      expect(days).toBeLessThan(10);
      expect(speed).toBeGreaterThanOrEqual(36);
    }),
  );
});

test('few vehicles have an hour a second, and the first of many as well', () => {
  const now = Date.UTC(2026, 10, 22, 16) as Instant;
  expect(paceOf(20, 4, now)).toMatchObject({ speed: 3_600, ahead: 4 });
  expect(paceOf(200, 4, now)).toMatchObject({ start: '2026-11-19T23:00:00.000Z', speed: 360, ahead: 4 });
});
