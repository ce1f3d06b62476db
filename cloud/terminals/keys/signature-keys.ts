import { createPublicKey, verify } from 'node:crypto';
import { verifySm2Pair } from '../../sealing/sm2.ts';
import { parseSm2PublicKey } from '../../sealing/sm2-key.ts';
import type { GbFrame } from '../gb32960/frame.ts';
import type { UnitRead } from '../gb32960/unit.ts';
import { type Fields, isList, isOctets, type Value } from '../value.ts';

/**
 * How a vehicle signs. The byte of the signature names an algorithm, and neither digest nor identity nor curve; we do not hold
 * the text of 2025, so the form is what was agreed with whoever set the terminal up, and no other is tried. RSA has none: what
 * of it stands in the two fields is not known.
 */
// biome-ignore format: one form a line
export const SIGNATURE_FORMS = {
  'sm2-sm3': { algorithm: 'sm2' },
  'ecdsa-p256-sha256': { algorithm: 'ecc' },
} as const;

export type SignatureForm = keyof typeof SIGNATURE_FORMS;

export interface SignatureKey {
  readonly vin: string;
  readonly form: SignatureForm;
  /** PEM, SubjectPublicKeyInfo. */
  readonly key: string;
}

/**
 * What came of looking at a signature. `unverified`: there is no key for the vehicle, it names another algorithm than its
 * key's, or something follows it; then it is a claim, and nothing follows from it.
 */
export type SignatureStanding = 'absent' | 'verified' | 'failed' | 'unverified';

export interface SignatureKeys {
  /** @param frame - as it came, its unit in the clear */
  readonly stand: (frame: GbFrame, unit: UnitRead) => SignatureStanding;
}

export function createSignatureKeys(keys: readonly SignatureKey[]): SignatureKeys {
  const byVin = new Map(keys.map((key) => [key.vin, key]));
  return {
    stand: ({ vin, unit: octets }, unit) => {
      const items = isList(unit.fields['items']) ? unit.fields['items'] : [];
      const signature = items.find(isSignature);
      if (signature === undefined) return 'absent';
      const held = byVin.get(vin);
      const { algorithm, r, s } = signature;
      const isLast = items.at(-1) === signature && unit.fault === undefined;
      if (held === undefined || !isLast || algorithm !== SIGNATURE_FORMS[held.form].algorithm) return 'unverified';
      if (!isOctets(r) || !isOctets(s)) return 'unverified';
      // From the time of collection up to the byte before the signature.
      const signed = octets.subarray(0, octets.length - HEAD_BYTES - (r.hex.length + s.hex.length) / 2);
      return isGood(held, signed, { r: r.hex, s: s.hex }) ? 'verified' : 'failed';
    },
  };
}

const isSignature = (item: Value): item is Fields =>
  typeof item === 'object' && 'item' in item && item['item'] === 'signature';

/** 0xFF, the algorithm, and two lengths of two bytes each. */
const HEAD_BYTES = 6;
const NUMBER_DIGITS = 64;

function isGood(
  { form, key }: SignatureKey,
  signed: Buffer,
  { r, s }: { readonly r: string; readonly s: string },
): boolean {
  if (r.length > NUMBER_DIGITS || s.length > NUMBER_DIGITS) return false;
  const pair = Buffer.from(r.padStart(NUMBER_DIGITS, '0') + s.padStart(NUMBER_DIGITS, '0'), 'hex');
  try {
    if (form === 'ecdsa-p256-sha256')
      return verify('sha256', signed, { key: createPublicKey(key), dsaEncoding: 'ieee-p1363' }, pair);
    const point = parseSm2PublicKey(key);
    return point !== undefined && verifySm2Pair(signed, pair, point);
  } catch {
    return false;
  }
}

/** Whether a key is of its form; asked when the list is read. */
export function fitsForm(form: SignatureForm, pem: string): boolean {
  if (form === 'sm2-sm3') return parseSm2PublicKey(pem) !== undefined;
  try {
    return createPublicKey(pem).asymmetricKeyDetails?.namedCurve === 'prime256v1';
  } catch {
    return false;
  }
}
