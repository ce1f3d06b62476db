import type { Proof } from './proof.ts';

/** First line of a C2SP tlog-proof. */
export const TLOG_PROOF = 'c2sp.org/tlog-proof@v1';

/** File extension that C2SP tlog-proof advises. */
export const PROOF_EXTENSION = '.tlog-proof';

/** A C2SP tlog-proof: that an entry is in the log, to be checked without asking anybody. @param note - the checkpoint */
export function inclusionText(index: number, proof: Proof, note: string): string {
  return [TLOG_PROOF, `index ${index}`, ...hashLines(proof), '', note].join('\n');
}

/**
 * That a later head extends an earlier one, in the form in which C2SP tlog-witness has logs show it to witnesses: `old` and the
 * earlier size, the hashes of the RFC 9162 proof, an empty line, the later checkpoint.
 */
export function consistencyText(oldSize: number, proof: Proof, note: string): string {
  return [`old ${oldSize}`, ...hashLines(proof), '', note].join('\n');
}

const hashLines = (proof: Proof): readonly string[] => proof.map((hash) => Buffer.from(hash).toString('base64'));
