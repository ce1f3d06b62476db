import type { InclusionProof } from '../api/log-entries.ts';

export type Finding =
  | 'in-the-log'
  | 'leaf-differs'
  | 'path-differs'
  | 'head-differs'
  | 'signature-differs'
  | 'not-checkable';

/**
 * Checks in the browser that an entry is in a log: the hash of the leaf, the path of RFC 9162 (2.1.3.2), the head, and the
 * head's Ed25519 signature as C2SP signed notes have it. Nothing the cloud says of itself is believed but its public key.
 *
 * @param log - name of the log; a head of another log under the same key proves nothing of this one
 */
export async function verifyInclusion(log: string, given: InclusionProof): Promise<Finding> {
  const { subtle } = globalThis.crypto;
  const leaf = bytesOfBase64(given.leaf);
  const leafHash = await hashOf([LEAF, leaf]);
  if (hex(leafHash) !== given.leafHash) return 'leaf-differs';
  const root = await rootOf(leafHash, given.proof.map(bytesOfHex), given.index, given.size);
  if (root === undefined || hex(root) !== given.root) return 'path-differs';
  const [text = '', signatures = ''] = given.note.split('\n\n');
  const [origin = '', size, rootText = ''] = text.split('\n');
  if (!origin.endsWith(`/${log}`)) return 'head-differs';
  if (Number(size) !== given.size || hex(bytesOfBase64(rootText)) !== given.root) return 'head-differs';
  const signature = bytesOfBase64(signatures.trim().split(' ').at(-1) ?? '').slice(KEY_HASH_BYTES);
  try {
    const key = await subtle.importKey('spki', bytesOfBase64(bodyOf(given.publicKey)), 'Ed25519', false, ['verify']);
    const isSigned = await subtle.verify('Ed25519', key, signature, new TextEncoder().encode(`${text}\n`));
    return isSigned ? 'in-the-log' : 'signature-differs';
  } catch {
    return 'not-checkable';
  }
}

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);
/** A signature of a note begins with a hash of its key. */
const KEY_HASH_BYTES = 4;

async function rootOf(
  leafHash: Uint8Array,
  path: readonly Uint8Array[],
  index: number,
  size: number,
): Promise<Uint8Array | undefined> {
  if (index >= size) return undefined;
  let [node, last, hash] = [index, size - 1, leafHash];
  for (const sibling of path) {
    if (last === 0) return undefined;
    if (node % 2 === 1 || node === last) {
      hash = await hashOf([NODE, sibling, hash]);
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)];
    } else {
      hash = await hashOf([NODE, hash, sibling]);
    }
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 ? hash : undefined;
}

async function hashOf(parts: readonly Uint8Array[]): Promise<Uint8Array> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes));
}

const bodyOf = (pem: string): string => pem.replace(/-----[^-]+-----|\s/g, '');

function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function bytesOfHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
