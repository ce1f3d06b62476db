import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { type ExporterFault, exporterFault } from './exporter-fault.ts';

/** A public key as it stands in the entries of intents: SPKI in DER, base64. */
export const permitKeyText = (key: KeyObject): string => key.export({ type: 'spki', format: 'der' }).toString('base64');

/** What the key of before signs for the one that comes after it. */
export const handoverText = (next: KeyObject): Buffer => Buffer.from(`permit-key/v1\n${permitKeyText(next)}\n`);

/**
 * Permits are honoured under the key of the transfer begun last, as the traffic log has it, or under one which that key handed over to: who can
 * write the configuration of the exporter alone gives it no other.
 *
 * @param last - key of the intent logged last; undefined where there is none
 * @param handover - Ed25519, by `last` over `handoverText` of the key that is configured
 */
export function checkPermitKey(
  last: string | undefined,
  configured: KeyObject,
  handover: Uint8Array | undefined,
): ExporterFault | undefined {
  if (last === undefined || last === permitKeyText(configured)) return undefined;
  const before = createPublicKey({ key: Buffer.from(last, 'base64'), format: 'der', type: 'spki' });
  const isHandedOver = handover !== undefined && verify(null, handoverText(configured), before, handover);
  return isHandedOver ? undefined : exporterFault('PERMIT_KEY_CHANGED');
}
