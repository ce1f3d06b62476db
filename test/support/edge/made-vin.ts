import fc from 'fast-check';

/** VINs of no vehicle; the check digits are right. */
export const VIN_A = 'LUBN0GED0PH865797';
export const VIN_B = 'LWPTS9RGXVA107375';

export const VIN_ALPHABET = 'ABCDEFGHJKLMNPRSTUVWXYZ0123456789';

const WEIGHTS = '8765432A098765432';

/** GB 16735 value by the rule the table follows: A to I and J to R count from 1, S to Z from 2. */
export function vinValue(character: string): number {
  const code = character.charCodeAt(0);
  if (code < 65) return code - 48;
  return character < 'S' ? ((code - 65) % 9) + 1 : code - 83 + 2;
}

/** The text with the check digit it should have; reckoned apart from the parser under test. */
export function withCheckDigit(text: string): string {
  const sum = [...text].reduce((total, character, index) => {
    return total + (index === 8 ? 0 : vinValue(character) * Number.parseInt(WEIGHTS.charAt(index), 16));
  }, 0);
  return `${text.slice(0, 8)}${'0123456789X'.charAt(sum % 11)}${text.slice(9)}`;
}

/** Any VIN of a Chinese maker. */
export const madeVin: fc.Arbitrary<string> = fc
  .string({ unit: fc.constantFrom(...VIN_ALPHABET), minLength: 16, maxLength: 16 })
  .map((rest) => withCheckDigit(`L${rest}`));
