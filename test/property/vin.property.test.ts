import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findVins, parseVin } from '../../proto/words/vin.ts';
import { madeVin, VIN_ALPHABET, vinValue } from '../support/edge/made-vin.ts';

test('every text of the right shape with its check digit is a VIN', () => {
  fc.assert(
    fc.property(madeVin, (vin) => {
      expect(parseVin(vin)).toEqual({ ok: true, value: vin });
    }),
    { numRuns: 1_000 },
  );
});

test('one wrong character of another value never passes', () => {
  const place = fc.integer({ min: 0, max: 16 });
  fc.assert(
    fc.property(madeVin, place, fc.constantFrom(...VIN_ALPHABET), (vin, index, character) => {
      // The check digit itself is compared as a character; X there is 10, elsewhere 7.
      fc.pre(index === 8 ? character !== vin.charAt(8) : vinValue(character) !== vinValue(vin.charAt(index)));
      expect(parseVin(vin.slice(0, index) + character + vin.slice(index + 1)).ok).toBe(false);
    }),
    { numRuns: 2_000 },
  );
});

test('no text throws, and what is found in a text stands in it and is a VIN', () => {
  const pieces = fc.oneof(fc.string(), madeVin, fc.string({ unit: 'binary' }), fc.constantFrom(' ', '-', 'x', '通'));
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 6 }), (parts) => {
      const text = parts.join('');
      expect([true, false]).toContain(parseVin(text).ok);
      for (const vin of findVins(text)) {
        expect(text).toContain(vin);
        expect(parseVin(vin).ok).toBe(true);
      }
    }),
    { numRuns: 400 },
  );
});

test('a VIN between anything but letters and digits is found', () => {
  const edge = fc.string().filter((text) => !/[A-Za-z0-9]/.test(text));
  fc.assert(
    fc.property(edge, madeVin, edge, (before, vin, after) => {
      expect(findVins(before + vin + after)).toEqual([vin]);
    }),
    { numRuns: 1_000 },
  );
});
