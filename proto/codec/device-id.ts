import { createHash, type KeyObject } from 'node:crypto';
import { DEVICE_ID_CHARACTERS, type DeviceId } from '../words/topics.ts';

/** Name of a TCU on the wire, from the public key of its certificate; it survives a renewal that keeps the key. */
export function deviceIdOf(publicKey: KeyObject): DeviceId {
  return deviceIdOfDer(publicKey.export({ type: 'spki', format: 'der' }));
}

/** The same from the bytes of the key, where whoever asks has them already. @param der - SubjectPublicKeyInfo */
export function deviceIdOfDer(der: Uint8Array): DeviceId {
  return createHash('sha256').update(der).digest('hex').slice(0, DEVICE_ID_CHARACTERS) as DeviceId;
}
