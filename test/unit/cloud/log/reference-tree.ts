import { readFileSync } from 'node:fs';
import { z } from 'zod';

const Hash = z.string().regex(/^[0-9a-f]{64}$/);
const Proof = z.array(Hash);

const ReferenceTree = z.strictObject({
  source: z.string(),
  leaves: z.array(z.string().regex(/^([0-9a-f]{2})*$/)).length(8),
  roots: z.array(Hash).length(9),
  inclusion: z.array(z.strictObject({ index: z.int(), size: z.int(), proof: Proof })).min(1),
  consistency: z.array(z.strictObject({ oldSize: z.int(), size: z.int(), proof: Proof })).min(1),
});

const file = new URL('../../../vectors/log/reference-tree.json', import.meta.url);

/** The published tree of Certificate Transparency: leaves, roots for sizes 0 to 8, and proofs. */
export const referenceTree = ReferenceTree.parse(JSON.parse(readFileSync(file, 'utf8')));

export const referenceLeaves = referenceTree.leaves.map((leaf) => Buffer.from(leaf, 'hex'));

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

export function unhex(text: string): Uint8Array {
  return Buffer.from(text, 'hex');
}
