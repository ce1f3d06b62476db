import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { carriesIdentifier, findIdentifiers } from '../../../../proto/words/identifiers.ts';
import { madeVin, VIN_A } from '../../../support/edge/made-vin.ts';

/** The digit that makes a number pass ISO/IEC 7812; reckoned apart from the code under test. */
function withLuhn(body: string): string {
  const sum = [...body].reverse().reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 0 ? 2 : 1);
    return total + Math.floor(doubled / 10) + (doubled % 10);
  }, 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
}

const digits = (count: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: count, maxLength: count });
const imei = digits(14).map(withLuhn);
const iccid = fc.oneof(digits(16), digits(17)).map((rest) => withLuhn(`89${rest}`));
const imsi = digits(12).map((rest) => `460${rest}`);
/** What may stand beside one: no digit, which would make it another number. */
const glue = fc.string({ unit: fc.constantFrom(...'AZaz_-. :'), maxLength: 6 });

describe('identifiers', () => {
  test.each([
    ['vin', madeVin.filter((vin) => /\d{4}$/.test(vin))],
    ['imei', imei],
    ['iccid', iccid],
    ['imsi', imsi],
  ] as const)('every %s is found, whatever it is glued to', (kind, made) => {
    fc.assert(
      fc.property(glue, made, glue, (before, identifier, after) => {
        const text = `${before}${identifier}${after}`;
        expect(findIdentifiers(text).has(kind)).toBe(true);
        expect(carriesIdentifier(text)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test('a VIN in lower case, and an IMEI as it is printed', () => {
    expect([...findIdentifiers(VIN_A.toLowerCase())]).toEqual(['vin']);
    expect(findIdentifiers('49-015420-323751-8').has('imei')).toBe(true);
    expect(carriesIdentifier('49-015420-323751-8')).toBe(true);
  });

  test.each(['ELECTRIC', 'LEVEL_2', '2026-11-21T10:00:00Z', '42.5', 'V_1234567890123', '', 'DISENGAGING_FOR_DRIVING'])(
    '%j names nobody',
    (text) => {
      expect(carriesIdentifier(text)).toBe(false);
    },
  );

  test.each([
    [9_999_999_999_999, false],
    [10_000_000_000_000, true],
    [-490154203237518, true],
    [99_999_999_999_999_980_000, true],
    [1e21, false],
    [0.00681012624510871, false],
    [1_234_567_890_123.5, false],
    [Number.NaN, false],
    [Number.POSITIVE_INFINITY, false],
  ])('the number %d: %s', (number, expected) => {
    expect(carriesIdentifier(number)).toBe(expected);
  });

  test('no text makes it throw', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300, unit: 'binary' }), (text) => void carriesIdentifier(text)),
      {
        numRuns: 3_000,
      },
    );
  });
});

const LEAVES = new URL('../../../../../shared/data/vss/vss_6.0_leaves.csv', import.meta.url);

test.skipIf(!existsSync(LEAVES))('no path of VSS 6.0 is taken for one (needs ../shared/data/vss)', () => {
  const paths = readFileSync(LEAVES, 'utf8')
    .split('\n')
    .map((line) => line.split(',')[0] ?? '');
  expect(paths.length).toBeGreaterThan(1_000);
  expect(paths.filter(carriesIdentifier)).toEqual([]);
});
