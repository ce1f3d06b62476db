import type { CivilDate } from '../../proto/words/time.ts';
import type { FactsInput } from '../transfer/facts.ts';
import type { Registers } from './change.ts';
import { isOpen } from './standing.ts';

type YesNo = FactsInput['recipient']['registered'];

/** A recipient and a purpose as a request is about to use them. */
export interface PartiesOf {
  readonly on: CivilDate;
  readonly purpose: string;
  readonly recipient: { readonly id: string; readonly country: string; readonly certificateSha256: Uint8Array };
}

/**
 * Whether the registers bear out the recipient of the configuration, and the purpose. What no register holds they say nothing
 * against; an entry that is withdrawn, or says otherwise, does. While a change of the recipient waits for a second person
 * nobody knows.
 */
export function registeredParties(
  { on, purpose, recipient }: PartiesOf,
  { findAny }: Pick<Registers, 'findAny'>,
): YesNo {
  const known = findAny('recipient', recipient.id);
  const purposeOf = findAny('purpose', purpose);
  const { validFrom, validUntil } = (purposeOf?.body ?? {}) as { validFrom?: CivilDate; validUntil?: CivilDate };
  const isEnded = validFrom !== undefined && validUntil !== undefined && !(validFrom <= on && on < validUntil);
  if (known?.isWithdrawn === true || purposeOf?.isWithdrawn === true || isEnded) return 'no';
  if (known === undefined) return 'yes';
  if (known.pending !== undefined) return 'unknown';
  const { country, certificateSha256, purposes } = known.body;
  const certificate = Buffer.from(recipient.certificateSha256).toString('hex');
  const isSame = country === recipient.country && certificateSha256 === certificate;
  return isSame && (purposes as readonly string[]).includes(purpose) ? 'yes' : 'no';
}

/**
 * Whether the processor is a critical information infrastructure operator: by the configuration where no profile stands, and
 * unknown where the two differ, or a change of the legal entity or of this very answer waits for a second person.
 */
export function ciioOf({ id, ciio }: FactsInput['processor'], { findAny }: Pick<Registers, 'findAny'>): YesNo {
  const profile = findAny('processor', id);
  if (profile === undefined) return ciio;
  const isSettled = !profile.isWithdrawn && !isOpen(profile, ['name', 'ciio']);
  return isSettled && profile.body['ciio'] === ciio ? ciio : 'unknown';
}
