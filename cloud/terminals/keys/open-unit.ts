import { constants, createDecipheriv, createPrivateKey, privateDecrypt } from 'node:crypto';
import { decryptSm2Point } from '../../sealing/sm2.ts';
import { parseSm2PrivateKey } from '../../sealing/sm2-key.ts';
import type { KeyForm } from './key-forms.table.ts';

export interface HeldKey {
  readonly key: Uint8Array;
  readonly vector: Uint8Array | undefined;
}

/** @returns undefined when it does not open: another key, or bytes that were changed as far as its form can tell */
export function openUnit(form: KeyForm, held: HeldKey, unit: Buffer): Buffer | undefined {
  try {
    if (form.of === 'rsa') return openRsa(held, unit);
    return form.of === 'sm2' ? openSm2(held, unit) : openCipher(form.cipher ?? '', held, unit);
  } catch {
    // Wrong padding, wrong length: OpenSSL says it by throwing.
    return undefined;
  }
}

function openCipher(cipher: string, { key, vector }: HeldKey, unit: Buffer): Buffer {
  const decipher = createDecipheriv(cipher, key, vector ?? null);
  return Buffer.concat([decipher.update(unit), decipher.final()]);
}

/** Blocks of the size of the key, one after the other, since a unit may be longer than one. */
function openRsa({ key }: HeldKey, unit: Buffer): Buffer | undefined {
  const privateKey = createPrivateKey(Buffer.from(key));
  const size = Math.ceil((privateKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
  if (size < RSA_BYTES_MIN || unit.length === 0 || unit.length % size !== 0 || unit.length > size * RSA_BLOCKS_MAX)
    return undefined;
  const parts: Buffer[] = [];
  for (let at = 0; at < unit.length; at += size)
    parts.push(
      privateDecrypt(
        { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
        unit.subarray(at, at + size),
      ),
    );
  return Buffer.concat(parts);
}

const RSA_BYTES_MIN = 256;
/** Each block takes a private operation, about a millisecond. */
const RSA_BLOCKS_MAX = 16;

function openSm2({ key }: HeldKey, unit: Buffer): Buffer | undefined {
  const pair = parseSm2PrivateKey(Buffer.from(key).toString('utf8'));
  const opened = pair === undefined ? undefined : decryptSm2Point(unit, pair);
  // Nothing is encrypted to nothing: an empty text is how the library says that the check of SM3 failed.
  return opened === undefined || opened.length === 0 ? undefined : Buffer.from(opened);
}
