import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { signedBytes } from '../../proto/codec/signed-bytes.ts';
import { encodePermit, encodeSignedEnvelope, type Permit } from '../../proto/codec/transfer-codec.ts';

/** A permit under the cloud's Ed25519 permit key, as the exporter wants it (proto/schema/transfer.proto). */
export function sealPermit(permit: Permit, key: KeyObject): Uint8Array {
  const body = encodePermit(permit);
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return encodeSignedEnvelope({
    kind: 'permit',
    body,
    keyId: createHash('sha256').update(publicKey).digest(),
    signature: sign(null, signedBytes('permit', body), key),
  });
}
