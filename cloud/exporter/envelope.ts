import { type KeyObject, sign, verify } from 'node:crypto';
import { keyIdOf } from '../../proto/codec/key-id.ts';
import {
  decodeSignedEnvelope,
  encodeSignedEnvelope,
  type SignedEnvelope,
  signedBytes,
} from '../../proto/codec/transfer-codec.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';

export type EnvelopeKind = 'permit' | 'receipt';

/** Which check of an envelope failed; the caller gives it a code of its own. */
export type EnvelopeFlaw = 'malformed' | 'kind' | 'key-unknown' | 'signature';

/**
 * Opens a signed envelope (proto/schema/transfer.proto) and returns its body.
 *
 * @param key - public: Ed25519 for permits, ECDSA P-256 for receipts (signature as r and s, IEEE P1363)
 */
export function openEnvelope(bytes: Uint8Array, kind: EnvelopeKind, key: KeyObject): Result<Uint8Array, EnvelopeFlaw> {
  const decoded = decodeSignedEnvelope(bytes);
  if (!decoded.ok) return fail('malformed');
  const envelope: SignedEnvelope = decoded.value;
  if (envelope.kind !== kind) return fail('kind');
  if (Buffer.compare(envelope.keyId, keyIdOf(key)) !== 0) return fail('key-unknown');
  const covered = signedBytes(kind, envelope.body);
  const genuine = verify(DIGEST[kind], covered, { key, dsaEncoding: 'ieee-p1363' }, envelope.signature);
  return genuine ? ok(envelope.body) : fail('signature');
}

/** @param key - private key, and `publicKey` its other half */
export function sealReceipt(body: Uint8Array, key: KeyObject, publicKey: KeyObject): Uint8Array {
  const signature = sign(DIGEST.receipt, signedBytes('receipt', body), { key, dsaEncoding: 'ieee-p1363' });
  return encodeSignedEnvelope({ kind: 'receipt', body, keyId: keyIdOf(publicKey), signature });
}

/** Ed25519 hashes by itself. */
const DIGEST: Readonly<Record<EnvelopeKind, string | null>> = { permit: null, receipt: 'sha256' };
