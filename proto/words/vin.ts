import { type Brand, fail, ok, type Result } from './result.ts';

/** 17-character vehicle identification number, upper case, check digit verified (GB 16735, ISO 3779). */
export type Vin = Brand<string, 'Vin'>;

export type VinFault =
  | { readonly code: 'VIN_LENGTH'; readonly length: number }
  | { readonly code: 'VIN_CHARACTER'; readonly position: number }
  | { readonly code: 'VIN_CHECK_DIGIT'; readonly expected: string };

/**
 * Parses a VIN. It does not trim, upper-case or guess: a lower-case VIN is a fault, and the fault says which character.
 *
 * @param text - candidate, exactly as received
 * @returns the VIN, or the first thing wrong with it (length in UTF-16 units, position from 1)
 */
export function parseVin(text: string): Result<Vin, VinFault> {
  if (text.length !== WEIGHTS.length) return fail({ code: 'VIN_LENGTH', length: text.length });
  let sum = 0;
  for (const [index, weight] of WEIGHTS.entries()) {
    const value = VALUES[text.charAt(index)];
    if (value === undefined) return fail({ code: 'VIN_CHARACTER', position: index + 1 });
    sum += value * weight;
  }
  const expected = '0123456789X'.charAt(sum % 11);
  if (text.charAt(8) !== expected) return fail({ code: 'VIN_CHECK_DIGIT', expected });
  return ok(text as Vin);
}

/**
 * Every distinct valid VIN that stands in a text as a run of its own.
 * Used on what was refused, to say whether somebody sent a VIN; never to learn whose record it is.
 */
export function findVins(text: string): readonly Vin[] {
  // Most texts hold none, and to find that out makes nothing.
  if (!RUN.test(text)) return [];
  const found = new Set<Vin>();
  for (const match of text.matchAll(RUNS)) {
    const vin = parseVin(match[0]);
    if (vin.ok) found.add(vin.value);
  }
  return [...found];
}

/**
 * Whether what a person wrote names a VIN, in small letters, full width or with what cannot be seen between as well. For words that are
 * kept where no VIN has a place.
 */
export const namesVin = (text: string): boolean =>
  findVins(
    text
      .normalize('NFKC')
      .replaceAll(/\p{Cf}/gu, '')
      .toUpperCase(),
  ).length > 0;

/** As many letters and digits of a VIN as it has, neither more nor fewer. */
const RUN = /(?<![A-Za-z0-9])[A-HJ-NPR-Z0-9]{17}(?![A-Za-z0-9])/;
const RUNS = new RegExp(RUN, 'g');

/** GB 16735 weights; the ninth character is the check digit and weighs nothing. */
const WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2] as const;

/** GB 16735 values. I, O and Q have none: a VIN may not carry them. */
// biome-ignore format: read it beside the table in the standard
const VALUES: Readonly<Record<string, number>> = {
  0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 7, 8: 8, 9: 9,
  A: 1, B: 2, C: 3, D: 4, E: 5, F: 6, G: 7, H: 8,
  J: 1, K: 2, L: 3, M: 4, N: 5, P: 7, R: 9,
  S: 2, T: 3, U: 4, V: 5, W: 6, X: 7, Y: 8, Z: 9,
};
