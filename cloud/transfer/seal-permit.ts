import { createPublicKey, type KeyObject, sign } from 'node:crypto';
import { keyIdOf } from '../../proto/codec/key-id.ts';
import { signedBytes } from '../../proto/codec/signed-bytes.ts';
import { encodePermit, encodeSignedEnvelope, type Permit } from '../../proto/codec/transfer-codec.ts';

/** A permit under the cloud's Ed25519 permit key, as the exporter wants it (proto/schema/transfer.proto). */
export function sealPermit(permit: Permit, key: KeyObject): Uint8Array {
  const body = encodePermit(permit);
  return encodeSignedEnvelope({
    kind: 'permit',
    body,
    keyId: keyIdOf(createPublicKey(key)),
    signature: sign(null, signedBytes('permit', body), key),
  });
}
