import type { SealedBatch } from '../../proto/codec/telemetry-codec.ts';
import { isGrantIdOf } from '../../proto/words/grant-id.ts';
import type { Instant } from '../../proto/words/time.ts';
import type { ConsentNote } from '../ports/consent-register.ts';

/**
 * What an admitted batch says of consents. A consent on record with the operator has no number, so nothing that comes under one
 * takes back a withdrawal in the vehicle.
 */
export function consentNotes(
  { purpose = '', consent = '', frames }: Pick<SealedBatch, 'purpose' | 'consent' | 'frames'>,
  deviceNumber: number,
  at: Instant,
): readonly ConsentNote[] {
  const over = frames.flatMap((frame): readonly ConsentNote[] =>
    frame.kind === 'withdrawal' ? [{ is: 'over', deviceNumber, purpose: frame.purpose, at }] : [],
  );
  // A batch of statements rests on no consent, whatever it names.
  if (over.length > 0 || purpose === '' || !isGrantIdOf(consent, purpose)) return over;
  return [{ is: 'given', deviceNumber, purpose, number: Number(consent.slice(consent.lastIndexOf('.') + 1)) }];
}
