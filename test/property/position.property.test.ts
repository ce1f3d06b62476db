import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePosition } from '../../proto/words/position.ts';

const anyNumber = fc.oneof(
  fc.double(),
  fc.double({ min: -200, max: 200 }),
  fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.MAX_VALUE),
);
const latitude = fc.double({ min: 18, max: 54, noNaN: true });
const longitude = fc.double({ min: 73, max: 135.5, noNaN: true });

test('every pair inside the bounds is a position within half a microdegree of it, and exchanged it is told as such', () => {
  fc.assert(
    fc.property(latitude, longitude, (north, east) => {
      const parsed = parsePosition(north, east);
      if (!parsed.ok) throw new Error(parsed.fault.code);
      expect(Math.abs(parsed.value.latitudeMicrodeg - north * 1e6)).toBeLessThanOrEqual(0.5 + 1e-6);
      expect(Math.abs(parsed.value.longitudeMicrodeg - east * 1e6)).toBeLessThanOrEqual(0.5 + 1e-6);
      expect(parsePosition(east, north)).toEqual({ ok: false, fault: { code: 'POSITION_SWAPPED' } });
    }),
    { numRuns: 1_000 },
  );
});

test('no pair of numbers throws, and what is taken lies inside the bounds in whole microdegrees', () => {
  fc.assert(
    fc.property(anyNumber, anyNumber, (first, second) => {
      const parsed = parsePosition(first, second);
      if (!parsed.ok) return;
      const { latitudeMicrodeg, longitudeMicrodeg } = parsed.value;
      expect([latitudeMicrodeg, longitudeMicrodeg].every(Number.isSafeInteger)).toBe(true);
      expect(latitudeMicrodeg >= 18e6 && latitudeMicrodeg <= 54e6).toBe(true);
      expect(longitudeMicrodeg >= 73e6 && longitudeMicrodeg <= 135.5e6).toBe(true);
    }),
    { numRuns: 5_000 },
  );
});
