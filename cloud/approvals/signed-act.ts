import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { canonicalJson } from '../../proto/words/canonical-json.ts';

/** What a person does over the socket, as they sign it: one word of theirs, good once and for minutes. */
export interface SignedAct {
  /** Account of the authority matrix. */
  readonly account: string;
  /** What is asked of which path, without the prefix of the door: `POST /transfers/T-1/approvals`. */
  readonly act: string;
  /** SHA-256 of what is said with it, without who says it, as canonical JSON. */
  readonly bodySha256: string;
  /** RFC 3339, UTC. */
  readonly at: string;
}

/** Shown beside what is asked. `signature`: Ed25519, base64. */
export interface ActProof {
  readonly at: string;
  readonly signature: string;
}

const CONTEXT = 'tongguan act v1\n';

const bytesOf = (act: SignedAct): Buffer => Buffer.from(CONTEXT + canonicalJson(act), 'utf8');

/** @param key - private, Ed25519 */
export function signAct(act: SignedAct, key: KeyObject): ActProof {
  return { at: act.at, signature: sign(null, bytesOf(act), key).toString('base64') };
}

/** @param key - as the authority matrix has it; one that is none verifies nothing */
export function isSignedBy(act: SignedAct, signature: string, key: string): boolean {
  const publicKey = publicKeyOf(key);
  return publicKey !== undefined && verify(null, bytesOf(act), publicKey, Buffer.from(signature, 'base64'));
}

/** A key as the authority matrix has it: SubjectPublicKeyInfo, DER in base64, which is the middle line of its PEM file. */
export function matrixKey(key: KeyObject): string {
  const isPublic = key.type === 'public';
  return (isPublic ? key : createPublicKey(key)).export({ format: 'der', type: 'spki' }).toString('base64');
}

export function publicKeyOf(text: string): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
    // Another spelling of the same octets would be another key to whoever compares rows.
    return key.asymmetricKeyType === 'ed25519' && matrixKey(key) === text ? key : undefined;
  } catch {
    return undefined;
  }
}
