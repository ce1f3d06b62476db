import { sm2 } from 'sm-crypto-v2';
import type { Sm2PrivateKey, Sm2PublicKey } from './sm2-key.ts';

/** The identity that GB/T 35276 prescribes where none was agreed; OpenSSL has to be told it (`distid`). */
export const SM2_USER_ID = '1234567812345678';

const C1C3C2 = 1;
const DER = { asn1: true } as const;

/** SM2 with SM3 over the identity and the bytes; DER, as OpenSSL has it. */
export function signSm2(bytes: Uint8Array, { scalar, point }: Sm2PrivateKey): Buffer {
  const options = { der: true, hash: true, userId: SM2_USER_ID, publicKey: point };
  return Buffer.from(sm2.doSignature(bytes, scalar, options), 'hex');
}

export function verifySm2(bytes: Uint8Array, signature: Uint8Array, { point }: Pick<Sm2PublicKey, 'point'>): boolean {
  try {
    const hex = Buffer.from(signature).toString('hex');
    return sm2.doVerifySignature(bytes, hex, point, { der: true, hash: true, userId: SM2_USER_ID });
  } catch {
    // Not even DER.
    return false;
  }
}

/** @param pair - r and s of 32 bytes each, as GB/T 32918.2 has them */
export function verifySm2Pair(bytes: Uint8Array, pair: Uint8Array, { point }: Pick<Sm2PublicKey, 'point'>): boolean {
  try {
    return sm2.doVerifySignature(bytes, Buffer.from(pair).toString('hex'), point, { hash: true, userId: SM2_USER_ID });
  } catch {
    // Numbers out of their range.
    return false;
  }
}

/** SM2 encryption, C1C3C2 in the DER of GB/T 35276, as `openssl pkeyutl -decrypt` takes it. */
export function encryptSm2(secret: Uint8Array, { point }: Sm2PublicKey): Buffer {
  return Buffer.from(sm2.doEncrypt(secret, point, C1C3C2, DER), 'hex');
}

export function decryptSm2(ciphertext: Uint8Array, { scalar }: Sm2PrivateKey): Uint8Array | undefined {
  try {
    const hex = Buffer.from(ciphertext).toString('hex');
    return sm2.doDecrypt(hex, scalar, C1C3C2, { ...DER, output: 'array' });
  } catch {
    return undefined;
  }
}

/** The same without DER, as GB/T 32918.4 writes it: a point with its 04, the digest, the text. */
export function decryptSm2Point(ciphertext: Uint8Array, { scalar }: Sm2PrivateKey): Uint8Array | undefined {
  if (ciphertext[0] !== UNCOMPRESSED) return undefined;
  try {
    const hex = Buffer.from(ciphertext.subarray(1)).toString('hex');
    return sm2.doDecrypt(hex, scalar, C1C3C2, { output: 'array' });
  } catch {
    return undefined;
  }
}

const UNCOMPRESSED = 4;
