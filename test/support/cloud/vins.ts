import { parseVin, type Vin } from '../../../proto/words/vin.ts';

/** A VIN of the right shape with its check digit; no vehicle has it. @param number - 0 to 999 999 */
export function testVin(number: number): Vin {
  const draft = `LTGTA4D50TA${String(number).padStart(6, '0')}`;
  const parsed = parseVin(draft);
  if (parsed.ok) return parsed.value;
  if (parsed.fault.code !== 'VIN_CHECK_DIGIT') throw new Error(parsed.fault.code);
  return withCheckDigit(draft, parsed.fault.expected);
}

function withCheckDigit(draft: string, checkDigit: string): Vin {
  const parsed = parseVin(draft.slice(0, 8) + checkDigit + draft.slice(9));
  if (!parsed.ok) throw new Error(parsed.fault.code);
  return parsed.value;
}
