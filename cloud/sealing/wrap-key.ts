import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { GeneralEncrypt, type GeneralJWE, generalDecrypt } from 'jose';
import { CONTENT_KEY_BYTES, type SealProfile } from './profile.ts';
import { decryptSm2, encryptSm2 } from './sm2.ts';
import { parseSm2PrivateKey, parseSm2PublicKey, sm2PublicDer } from './sm2-key.ts';
import { kidOf, type WrappedKey } from './wrapped-key.ts';

const ENCRYPTION = 'A256GCM';
const KEY_WRAP = 'ECDH-ES+A256KW';

/** @returns undefined when a key is not of the kind the profile needs: EC P-256, or SM2 */
export async function wrapKey(
  profile: SealProfile,
  contentKey: Uint8Array,
  pems: readonly string[],
): Promise<WrappedKey | undefined> {
  return profile === 'sm2-sm4' ? wrapSm2(contentKey, pems) : wrapJwe(contentKey, pems);
}

async function wrapJwe(contentKey: Uint8Array, pems: readonly string[]): Promise<WrappedKey | undefined> {
  const jwe = new GeneralEncrypt(contentKey).setProtectedHeader({ enc: ENCRYPTION });
  for (const pem of pems) {
    const key = parseP256(() => createPublicKey(pem));
    if (key === undefined) return undefined;
    jwe.addRecipient(key).setUnprotectedHeader({ alg: KEY_WRAP, kid: kidOf(spkiOf(key)) });
  }
  return { jwe: { ...(await jwe.encrypt()) } };
}

function wrapSm2(contentKey: Uint8Array, pems: readonly string[]): WrappedKey | undefined {
  const keys = pems.map(parseSm2PublicKey);
  const wrapped = keys.flatMap((key) =>
    key === undefined ? [] : [{ kid: kidOf(key.der), ciphertext: encryptSm2(contentKey, key).toString('base64') }],
  );
  return wrapped.length === keys.length ? { sm2: wrapped } : undefined;
}

/** @param pem - private key of one of those it was wrapped for; undefined where it is none of theirs */
export async function unwrapKey(
  profile: SealProfile,
  wrapped: WrappedKey,
  pem: string,
): Promise<Uint8Array | undefined> {
  const key = 'jwe' in wrapped ? await unwrapJwe(wrapped.jwe, pem) : unwrapSm2(wrapped.sm2, pem);
  const isOfProfile = 'sm2' in wrapped === (profile === 'sm2-sm4');
  return isOfProfile && key?.length === CONTENT_KEY_BYTES ? key : undefined;
}

async function unwrapJwe(jwe: Readonly<Record<string, unknown>>, pem: string): Promise<Uint8Array | undefined> {
  const key = parseP256(() => createPrivateKey(pem));
  if (key === undefined) return undefined;
  const allowed = { keyManagementAlgorithms: [KEY_WRAP], contentEncryptionAlgorithms: [ENCRYPTION] };
  try {
    return (await generalDecrypt(jwe as unknown as GeneralJWE, key, allowed)).plaintext;
  } catch {
    // Not for this key, or no JWE at all.
    return undefined;
  }
}

function unwrapSm2(
  wrapped: readonly { readonly kid: string; readonly ciphertext: string }[],
  pem: string,
): Uint8Array | undefined {
  const key = parseSm2PrivateKey(pem);
  if (key === undefined) return undefined;
  const own = wrapped.find(({ kid }) => kid === kidOf(sm2PublicDer(key.point)));
  return own === undefined ? undefined : decryptSm2(Buffer.from(own.ciphertext, 'base64'), key);
}

function spkiOf(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' });
}

function parseP256(read: () => KeyObject): KeyObject | undefined {
  try {
    const key = read();
    const isP256 = key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
    return isP256 ? key : undefined;
  } catch {
    return undefined;
  }
}
