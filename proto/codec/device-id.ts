import { createHash, type KeyObject } from 'node:crypto';
import { DEVICE_ID_CHARACTERS, type DeviceId } from '../words/topics.ts';

/** Name of a TCU on the wire, from the public key of its certificate; it survives a renewal that keeps the key. */
export function deviceIdOf(publicKey: KeyObject): DeviceId {
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest('hex').slice(0, DEVICE_ID_CHARACTERS) as DeviceId;
}
