import { type KeyObject, sign, verify } from 'node:crypto';
import { assert, fail, ok, type Result } from '../../proto/words/result.ts';
import { COSIGNATURE, type NoteFault, noteKeyId, signatureLine, splitNote } from './signed-note.ts';

/** Who cosigns, as verifiers know it. */
export interface Witness {
  readonly name: string;
  /** Ed25519. */
  readonly publicKey: KeyObject;
}

const TIMESTAMP_BYTES = 8;
const SIGNATURE_BYTES = 64;

/**
 * A signature line of C2SP tlog-cosignature (cosignature/v1, Ed25519) for the text of a checkpoint.
 *
 * @param seconds - since 1970 UTC
 */
export function cosign(text: string, seconds: number, signer: Witness & { readonly signingKey: KeyObject }): string {
  assert(Number.isSafeInteger(seconds) && seconds >= 0, 'a cosignature has a time');
  const timestamp = Buffer.alloc(TIMESTAMP_BYTES);
  timestamp.writeBigUInt64BE(BigInt(seconds));
  const signature = sign(null, cosigned(text, seconds), signer.signingKey);
  const keyId = noteKeyId(signer.name, signer.publicKey, COSIGNATURE);
  return signatureLine(signer.name, keyId, Buffer.concat([timestamp, signature]));
}

/**
 * When a witness cosigned this note, newest first where it did more than once; signatures of others are ignored, and one of its own that
 * does not verify spoils the note.
 *
 * @returns seconds since 1970 UTC
 */
export function cosignedAt(note: Uint8Array, witness: Witness): Result<number, NoteFault> {
  const split = splitNote(note);
  if (split === undefined) return fail('form');
  const keyId = noteKeyId(witness.name, witness.publicKey, COSIGNATURE);
  let newest: number | undefined;
  for (const { name, keyId: id, signature } of split.signatures) {
    if (name !== witness.name || Buffer.compare(id, keyId) !== 0) continue;
    if (signature.length !== TIMESTAMP_BYTES + SIGNATURE_BYTES) return fail('signature');
    const seconds = Number(Buffer.from(signature).readBigUInt64BE());
    const covered = Number.isSafeInteger(seconds) ? cosigned(split.text, seconds) : undefined;
    const isGenuine = covered && verify(null, covered, witness.publicKey, signature.subarray(TIMESTAMP_BYTES));
    if (isGenuine !== true) return fail('signature');
    newest = Math.max(newest ?? 0, seconds);
  }
  return newest === undefined ? fail('signature') : ok(newest);
}

const cosigned = (text: string, seconds: number): Buffer => Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`);
