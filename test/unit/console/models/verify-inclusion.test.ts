import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { signCheckpoint } from '../../../../cloud/log/checkpoint.ts';
import { leafHash, rootOf } from '../../../../cloud/log/merkle.ts';
import { proveInclusion } from '../../../../cloud/log/proof.ts';
import type { InclusionProof } from '../../../../console/api/log-entries.ts';
import { verifyInclusion } from '../../../../console/models/verify-inclusion.ts';

const { publicKey, privateKey: signingKey } = generateKeyPairSync('ed25519');
const other = generateKeyPairSync('ed25519').publicKey;
const pem = (key: typeof publicKey): string => String(key.export({ type: 'spki', format: 'pem' }));
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** What the API would answer of a log of `size` leaves. */
function proofOf(index: number, size: number): InclusionProof {
  const leaves = Array.from({ length: size }, (_, at) => Buffer.from(`leaf ${at}`));
  const hashes = leaves.map((leaf) => leafHash(leaf));
  const rootHash = rootOf(hashes);
  const note = signCheckpoint({ size, rootHash }, { origin: 'example/operations', signingKey, publicKey });
  const proof = proveInclusion(hashes, index, size).map(hex);
  const leaf = (leaves[index] ?? Buffer.of()).toString('base64');
  return {
    ...{ index, size, leaf, proof, note, root: hex(rootHash), publicKey: pem(publicKey) },
    leafHash: hex(leafHash(Buffer.from(leaf, 'base64'))),
  };
}

describe('a proof, recomputed where it is looked at', () => {
  test('holds for every entry of a log of any shape', async () => {
    for (const size of [1, 2, 3, 7, 8, 13]) {
      for (let index = 0; index < size; index += 1) {
        expect(await verifyInclusion('operations', proofOf(index, size)), `${index} of ${size}`).toBe('in-the-log');
      }
    }
  });

  const given = proofOf(5, 13);
  test.each<[string, Partial<InclusionProof>]>([
    ['leaf-differs', { leaf: Buffer.from('leaf 6').toString('base64') }],
    ['path-differs', { index: 6 }],
    ['path-differs', { index: 13 }],
    ['path-differs', { proof: given.proof.slice(1) }],
    ['path-differs', { proof: [...given.proof, given.root] }],
    ['path-differs', { root: '00'.repeat(32) }],
    ['head-differs', { note: proofOf(5, 12).note }],
    ['signature-differs', { publicKey: pem(other) }],
    ['not-checkable', { publicKey: 'none' }],
  ])('%s where %o is not as it was signed', async (finding, over) => {
    expect(await verifyInclusion('operations', { ...given, ...over })).toBe(finding);
  });

  test('a head of another log under the same key proves nothing', async () => {
    expect(await verifyInclusion('alerts', given)).toBe('head-differs');
  });
});
