import type { FactsInput } from './facts.ts';

/** SHA-256 of a key (SPKI, DER) in lower-case hex; `none` where parcels go in plain; `unknown` where nobody can say which key it is. */
export type SealedTo = string;

/** What a permit says of a parcel that lies in plain. */
export const UNSEALED = 'none';

/**
 * Whether the recipient is who the registers say, with the key its parcel was sealed to held against the one of now: a parcel under a
 * key that is another by now, or that nobody is sure of, is for nobody we know.
 *
 * @param parcel - undefined when none was built
 */
export function registeredWithKey(
  registered: FactsInput['recipient']['registered'],
  now: SealedTo,
  parcel: { readonly sealedTo?: string } | undefined,
): FactsInput['recipient']['registered'] {
  if (registered === 'no') return registered;
  if (now === 'unknown') return 'unknown';
  return parcel === undefined || (parcel.sealedTo ?? UNSEALED) === now ? registered : 'no';
}
