import { parseVin } from './vin.ts';

/** What may stand for a vehicle, a device or a subscriber anywhere; each is told from other numbers by shape and check digit. */
export type IdentifierKind = 'vin' | 'imei' | 'imsi' | 'iccid';

/**
 * Kinds of identifiers that a text holds, also glued to other letters, digits and underscores: a VIN by its check digit and
 * its four last digits (GB 16735), an IMEI (15 digits) and an ICCID (19 or 20 digits from 89 on) by Luhn's, an IMSI by
 * 15 digits under a mobile country code of China. Used to withhold; never to learn whose record it is.
 */
export function findIdentifiers(text: string): ReadonlySet<IdentifierKind> {
  const found = new Set<IdentifierKind>();
  for (const [run] of text.matchAll(/[A-Z0-9]{14,}/gi)) {
    if (windowsOf(run, 17).some(isVin)) found.add('vin');
  }
  // Separators that people write between groups of digits are looked through.
  for (const [group] of text.matchAll(/\d(?:[ ._-]?\d){13,}/g)) {
    const digits = group.replace(/\D/g, '');
    if (windowsOf(digits, 15).some(isLuhn)) found.add('imei');
    if (windowsOf(digits, 15).some((one) => /^46[01]/.test(one))) found.add('imsi');
    if ([19, 20].some((length) => windowsOf(digits, length).some((one) => one.startsWith('89') && isLuhn(one))))
      found.add('iccid');
  }
  return found;
}

/**
 * Whether a value may name somebody. Numbers are asked as well: an integer of 14 to 20 digits is no measurement, and above
 * 2^53 its check digit is lost, so none of them passes; nor does a text with so long a run of digits.
 */
export function carriesIdentifier(value: number | boolean | string): boolean {
  if (typeof value === 'boolean') return false;
  if (typeof value === 'string') return /\d{14,}/.test(value) || findIdentifiers(value).size > 0;
  const magnitude = Math.abs(value);
  return Number.isInteger(value) && magnitude >= 1e13 && magnitude < 1e20;
}

function windowsOf(run: string, length: number): readonly string[] {
  const count = Math.min(WINDOWS_MAX, run.length - length + 1);
  return Array.from({ length: Math.max(0, count) }, (_, start) => run.slice(start, start + length));
}

/** No text of a frame is longer. */
const WINDOWS_MAX = 256;

const isVin = (text: string): boolean => /\d{4}$/.test(text) && parseVin(text.toUpperCase()).ok;

/** The check digit of ISO/IEC 7812: every second digit from the right counts double. */
function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits.charAt(digits.length - 1 - index));
    const counted = index % 2 === 0 ? digit : digit * 2;
    sum += counted > 9 ? counted - 9 : counted;
  }
  return sum % 10 === 0;
}
