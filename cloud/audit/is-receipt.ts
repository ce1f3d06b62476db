import { type KeyObject, verify } from 'node:crypto';
import { keyIdOf } from '../../proto/codec/key-id.ts';
import { signedBytes } from '../../proto/codec/signed-bytes.ts';
import { decodeReceipt, decodeSignedEnvelope, type Permit } from '../../proto/codec/transfer-codec.ts';

/** Whether a recipient signed that it holds what was cleared. @param text - the envelope in base64 */
export function isReceipt(
  text: unknown,
  permit: Pick<Permit, 'transferId' | 'recipientId' | 'manifestSha256'>,
  keys: readonly KeyObject[],
): boolean {
  const body = openEnvelope(text, 'receipt', keys);
  const receipt = body === undefined ? undefined : decodeReceipt(body);
  if (receipt?.ok !== true) return false;
  const { transferId, recipientId, manifestSha256 } = receipt.value;
  const isSameManifest = Buffer.compare(manifestSha256, permit.manifestSha256) === 0;
  return transferId === permit.transferId && recipientId === permit.recipientId && isSameManifest;
}

/** The body of an envelope in base64, if its signature is good by the key that it names. */
export function openEnvelope(
  text: unknown,
  kind: 'permit' | 'receipt',
  keys: readonly KeyObject[],
): Uint8Array | undefined {
  if (typeof text !== 'string') return undefined;
  const envelope = decodeSignedEnvelope(Buffer.from(text, 'base64'));
  if (!envelope.ok || envelope.value.kind !== kind) return undefined;
  const { body, keyId, signature } = envelope.value;
  const key = keys.find((one) => Buffer.compare(keyIdOf(one), keyId) === 0);
  if (key === undefined) return undefined;
  const [hash, options] = kind === 'permit' ? [null, key] : ['sha256', { key, dsaEncoding: 'ieee-p1363' as const }];
  return verify(hash as string | null, signedBytes(kind, body), options, signature) ? body : undefined;
}
