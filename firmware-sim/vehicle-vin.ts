import { assert } from '../proto/words/result.ts';
import { parseVin, type Vin } from '../proto/words/vin.ts';
import { createPrng } from './prng.ts';

/**
 * World manufacturer identifier of the simulated fleet. `L` is China (ISO 3780); the maker is invented, and the code is one
 * we know no maker for.
 */
export const FICTIONAL_WMI = 'L0T';

/**
 * The VIN of the n-th vehicle of a seed: real shape, valid check digit (GB 16735), fictional maker.
 *
 * The last six characters are the ordinal, so two vehicles of one seed never share a VIN, and a vehicle keeps its VIN when
 * the fleet grows.
 *
 * @param ordinal - from 1 to 999 999
 */
export function vinOfVehicle(seed: string, ordinal: number): Vin {
  assert(Number.isInteger(ordinal) && ordinal >= 1 && ordinal <= ORDINAL_MAX, 'an ordinal fits six digits');
  const prng = createPrng(`${seed}/vin/${ordinal}`);
  const descriptor = Array.from({ length: DESCRIPTOR_CHARACTERS }, () =>
    LETTERS.charAt(prng.whole(0, LETTERS.length - 1)),
  ).join('');
  const tail = `${prng.pick(MODEL_YEARS)}${prng.pick(PLANTS)}${String(ordinal).padStart(6, '0')}`;

  const draft = parseVin(`${FICTIONAL_WMI}${descriptor}0${tail}`);
  if (draft.ok) return draft.value;
  assert(draft.fault.code === 'VIN_CHECK_DIGIT', 'only the check digit of a drafted VIN is open');
  const vin = parseVin(`${FICTIONAL_WMI}${descriptor}${draft.fault.expected}${tail}`);
  assert(vin.ok, 'the expected check digit makes a drafted VIN valid');
  return vin.value;
}

const ORDINAL_MAX = 999_999;
const DESCRIPTOR_CHARACTERS = 5;

/** I, O and Q may not stand in a VIN. */
const LETTERS = 'ABCDEFGHJKLMNPRSTUVWXYZ';

/** Model years 2022 to 2026 in the thirty-year code of ISO 3779. */
const MODEL_YEARS = ['N', 'P', 'R', 'S', 'T'] as const;
const PLANTS = ['A', 'B', 'C'] as const;
