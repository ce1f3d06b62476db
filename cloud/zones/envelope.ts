import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';

/** AES-256-GCM throughout: 32 bytes of key, 12 of nonce, 16 of tag. */
export const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const PUBLIC_KEY_BYTES = 32;

/**
 * Seals bytes under a key and the number of the seal, which is the nonce: the caller never gives the same number twice
 * with one key.
 *
 * @param associated - what the bytes belong to; opening needs the same
 * @returns ciphertext and tag
 */
export function seal(key: Uint8Array, number: number, associated: Uint8Array, plain: Uint8Array): Buffer {
  const sealed = Buffer.allocUnsafe(plain.length + TAG_BYTES);
  sealInto(sealed, { key, number, associated }, [plain]);
  return sealed;
}

/** As `seal`, of parts that follow each other, into bytes of the caller's: as many as the parts have, and 16. @param spent - given what nobody needs any more */
export function sealInto(
  into: Uint8Array,
  seal: { readonly key: Uint8Array; readonly number: number; readonly associated: Uint8Array },
  parts: readonly Uint8Array[],
  spent: (bytes: Uint8Array) => void = () => undefined,
): void {
  const cipher = createCipheriv('aes-256-gcm', seal.key, nonceOf(seal.number));
  cipher.setAAD(seal.associated);
  let at = 0;
  for (const part of parts) {
    // GCM gives as many bytes as it takes, all of them from `update`.
    const sealed = cipher.update(part);
    into.set(sealed, at);
    spent(sealed);
    at += part.length;
  }
  cipher.final();
  into.set(cipher.getAuthTag(), at);
}

/** The bytes, or undefined when key, number, associated bytes or ciphertext are not those of the seal. */
export function unseal(
  key: Uint8Array,
  number: number,
  associated: Uint8Array,
  sealed: Uint8Array,
): Buffer | undefined {
  if (sealed.length < TAG_BYTES) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(number), { authTagLength: TAG_BYTES });
  decipher.setAAD(associated);
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  // GCM gives all bytes from `update`; they are nobody's before `final` has found the tag right.
  const plain = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES));
  try {
    decipher.final();
    return plain;
  } catch {
    return undefined;
  }
}

/** The cipher copies it, so one buffer serves every call. */
const nonce = Buffer.alloc(NONCE_BYTES);

function nonceOf(number: number): Buffer {
  nonce.writeUIntBE(number, NONCE_BYTES - NUMBER_BYTES, NUMBER_BYTES);
  return nonce;
}

/** A seal's number is below 2^48; what counts them has lower limits of its own. */
const NUMBER_BYTES = 6;

/**
 * Seals bytes to a public key: an X25519 pair of its own, HKDF-SHA256 over the shared secret bound to both public keys, and
 * one seal under the derived key, which is used once. The order of RFC 9180's base mode, without its suites.
 *
 * @param publicKey - X25519
 * @param context - what it is for; opening needs the same
 */
export function sealTo(publicKey: KeyObject, context: string, plain: Uint8Array): Buffer {
  const own = generateKeyPairSync('x25519');
  const shared = diffieHellman({ privateKey: own.privateKey, publicKey });
  const ephemeral = rawPublicKey(own.publicKey);
  const key = derive(shared, ephemeral, rawPublicKey(publicKey), context);
  return Buffer.concat([ephemeral, seal(key, 0, Buffer.from(context), plain)]);
}

/** @param agree - X25519 of the private half with the public key it is given */
export function openSealed(
  agree: (theirs: KeyObject) => Uint8Array | undefined,
  publicKey: KeyObject,
  context: string,
  sealed: Uint8Array,
): Buffer | undefined {
  const ephemeral = Buffer.from(sealed.subarray(0, PUBLIC_KEY_BYTES));
  if (ephemeral.length < PUBLIC_KEY_BYTES) return undefined;
  const shared = agreeOrNothing(agree, ephemeral);
  if (shared === undefined) return undefined;
  const key = derive(shared, ephemeral, rawPublicKey(publicKey), context);
  return unseal(key, 0, Buffer.from(context), sealed.subarray(PUBLIC_KEY_BYTES));
}

/** A point that gives nothing away is refused by OpenSSL with an error. */
function agreeOrNothing(
  agree: (theirs: KeyObject) => Uint8Array | undefined,
  ephemeral: Buffer,
): Uint8Array | undefined {
  try {
    const theirs = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, ephemeral]), format: 'der', type: 'spki' });
    return agree(theirs);
  } catch {
    return undefined;
  }
}

/** SHA-256 of a public key: names the pair. */
export function publicKeyDigest(publicKey: KeyObject): Buffer {
  return createHash('sha256').update(rawPublicKey(publicKey)).digest();
}

function derive(shared: Uint8Array, ephemeral: Uint8Array, recipient: Uint8Array, context: string): Uint8Array {
  const salt = Buffer.concat([ephemeral, recipient]);
  return new Uint8Array(hkdfSync('sha256', shared, salt, `tongguan.v1.seal\0${context}`, KEY_BYTES));
}

/** SubjectPublicKeyInfo of X25519 up to the key itself (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b656e032100', 'hex');

/** The 32 bytes of an X25519 public key. */
export function rawPublicKey(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length);
}
