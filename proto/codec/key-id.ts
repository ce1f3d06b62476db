import { createHash, type KeyObject } from 'node:crypto';

/** By which an envelope names the key that signed it: SHA-256 of its SubjectPublicKeyInfo in DER (proto/schema/transfer.proto). */
export function keyIdOf(publicKey: KeyObject): Uint8Array {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest();
}
