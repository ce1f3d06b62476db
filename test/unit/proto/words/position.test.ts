import { describe, expect, test } from 'vitest';
import { degreesOf, parsePosition } from '../../../../proto/words/position.ts';

describe('parsePosition', () => {
  test('rounds to microdegrees and names its datum', () => {
    expect(parsePosition(31.27908, 119.6776716)).toEqual({
      ok: true,
      value: { datum: 'WGS-84', latitudeMicrodeg: 31_279_080, longitudeMicrodeg: 119_677_672 },
    });
  });

  test.each([
    ['NaN latitude', Number.NaN, 120],
    ['NaN longitude', 31, Number.NaN],
    ['infinite latitude', Number.POSITIVE_INFINITY, 120],
    ['infinite longitude', 31, Number.NEGATIVE_INFINITY],
  ])('refuses %s as no number', (_, latitude, longitude) => {
    expect(parsePosition(latitude, longitude)).toEqual({ ok: false, fault: { code: 'POSITION_NOT_A_NUMBER' } });
  });

  test.each([
    ['Shanghai', 121.47, 31.23],
    ['Mohe', 122.53, 53.48],
    ['Sanya', 109.51, 18.25],
  ])('refuses %s with its axes exchanged, and does not repair it', (_, latitude, longitude) => {
    expect(parsePosition(latitude, longitude)).toEqual({ ok: false, fault: { code: 'POSITION_SWAPPED' } });
  });

  test.each([
    ['zeros', 0, 0],
    ['negative zeros', -0, -0],
    ['a latitude alone', 31, 0],
    ['the southern mirror image', -31.23, 121.47],
    ['the western mirror image', 31.23, -121.47],
    ['Tokyo', 35.68, 139.69],
    ['Singapore', 1.35, 103.82],
    ['London', 51.5, -0.13],
    ['degrees beyond a circle', 31, 481],
    ['microdegrees taken for degrees', 31_279_080, 119_677_672],
    ['the largest numbers', Number.MAX_VALUE, -Number.MAX_VALUE],
  ])('refuses %s as outside the mainland', (_, latitude, longitude) => {
    expect(parsePosition(latitude, longitude)).toEqual({ ok: false, fault: { code: 'POSITION_OUTSIDE_MAINLAND' } });
  });

  test.each([
    ['south', 18, 110, 17.999999, 110],
    ['north', 54, 123, 54.000001, 123],
    ['west', 39, 73, 39, 72.999999],
    ['east', 48, 135.5, 48, 135.500001],
  ])('ends at its bound in the %s', (_, latitude, longitude, beyondLatitude, beyondLongitude) => {
    expect(parsePosition(latitude, longitude).ok).toBe(true);
    expect(parsePosition(beyondLatitude, beyondLongitude).ok).toBe(false);
  });

  test('gives degrees back', () => {
    const parsed = parsePosition(31.279083, 119.677672);
    expect(parsed.ok && degreesOf(parsed.value.latitudeMicrodeg)).toBe(31.279083);
  });
});
