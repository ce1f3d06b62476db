import type { KeyObject } from 'node:crypto';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Damage } from './faults.ts';
import { HASH_BYTES } from './merkle.ts';
import { openNote, parseBase64, signNote } from './signed-note.ts';

/** Signed size and root of a log. */
export interface TreeHead {
  /** Number of leaves. */
  readonly size: number;
  /** 32 bytes, RFC 9162 Merkle tree hash over the leaves. */
  readonly rootHash: Uint8Array;
}

/** The key of one log; `origin` names the log and its key alike, as C2SP tlog-checkpoint advises. */
export interface LogSigner {
  readonly origin: string;
  readonly signingKey: KeyObject;
  readonly publicKey: KeyObject;
}

/**
 * Writes a tree head as a C2SP tlog-checkpoint: origin, size and base64 root on a line each, in a note signed with
 * Ed25519. Any checker of that format can read it; nothing in it is ours alone.
 */
export function signCheckpoint(head: TreeHead, signer: LogSigner): string {
  const text = `${signer.origin}\n${head.size}\n${Buffer.from(head.rootHash).toString('base64')}\n`;
  return signNote(text, { name: signer.origin, signingKey: signer.signingKey, publicKey: signer.publicKey });
}

/** Reads a checkpoint and trusts nothing of it before its signature has verified. Extension lines are let be. */
export function openCheckpoint(
  bytes: Uint8Array,
  log: { readonly origin: string; readonly publicKey: KeyObject },
): Result<TreeHead, Damage> {
  const note = openNote(bytes, { name: log.origin, publicKey: log.publicKey });
  if (!note.ok) return fail(note.fault === 'form' ? 'checkpoint-form' : 'checkpoint-signature');
  const [origin, size, root, ...extensions] = note.value.slice(0, -1).split('\n');
  if (origin !== log.origin) return fail('checkpoint-origin');
  if (size === undefined || root === undefined || extensions.includes('')) return fail('checkpoint-form');
  const rootHash = parseBase64(root);
  const isSize = /^(0|[1-9]\d{0,15})$/.test(size) && Number.isSafeInteger(Number(size));
  if (!isSize || rootHash?.length !== HASH_BYTES) return fail('checkpoint-form');
  return ok({ size: Number(size), rootHash });
}
