import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { leafHash, rootOf } from '../../cloud/log/merkle.ts';
import { proveConsistency, proveInclusion, verifyConsistency, verifyInclusion } from '../../cloud/log/proof.ts';

const SIZE_MAX = 70;
const HASHES = Array.from({ length: SIZE_MAX }, (_, index) => leafHash(Buffer.from(`leaf ${index}`)));
const ROOTS = Array.from({ length: SIZE_MAX + 1 }, (_, size) => rootOf(HASHES.slice(0, size)));
const rootAt = (size: number) => ROOTS[size] ?? new Uint8Array();
const hashAt = (index: number) => HASHES[index] ?? new Uint8Array();

/** A leaf and a tree it is in; the first of two sizes in order. */
const leafAndSize = fc
  .tuple(fc.nat(SIZE_MAX - 1), fc.nat(SIZE_MAX - 1))
  .map(([a, b]) => ({ index: Math.min(a, b), size: Math.max(a, b) + 1 }));

function flipBit(bytes: Uint8Array, bit: number): Uint8Array {
  const at = Math.floor(bit / 8) % bytes.length;
  return bytes.with(at, (bytes[at] ?? 0) ^ (1 << (bit % 8)));
}

test('every leaf of every tree up to 70 leaves is proved', () => {
  for (let size = 1; size <= SIZE_MAX; size += 1) {
    for (let index = 0; index < size; index += 1) {
      const given = {
        leafHash: hashAt(index),
        index,
        size,
        rootHash: rootAt(size),
        proof: proveInclusion(HASHES, index, size),
      };
      expect(verifyInclusion(given)).toBe(true);
      expect(given.proof.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)));
    }
  }
});

test('every tree up to 70 leaves is proved to begin with every smaller one', () => {
  for (let size = 0; size <= SIZE_MAX; size += 1) {
    for (let oldSize = 0; oldSize <= size; oldSize += 1) {
      const proof = proveConsistency(HASHES, oldSize, size);
      expect(verifyConsistency({ oldSize, oldRoot: rootAt(oldSize), size, rootHash: rootAt(size), proof })).toBe(true);
      expect(proof.length).toBeLessThanOrEqual(Math.ceil(Math.log2(Math.max(size, 1))) + 1);
    }
  }
});

test('an inclusion proof never verifies for another place, leaf or root, nor with any bit of it changed', () => {
  fc.assert(
    fc.property(leafAndSize, fc.nat(SIZE_MAX - 1), fc.nat(), fc.nat(), ({ index, size }, other, bit, at) => {
      const proof = proveInclusion(HASHES, index, size);
      const given = { leafHash: hashAt(index), index, size, proof, rootHash: rootAt(size) };
      const place = at % Math.max(proof.length, 1);
      expect(verifyInclusion({ ...given, index: other })).toBe(other === index);
      expect(verifyInclusion({ ...given, leafHash: hashAt(other) })).toBe(other === index);
      expect(verifyInclusion({ ...given, rootHash: rootAt(other + 1) })).toBe(other + 1 === size);
      expect(verifyInclusion({ ...given, leafHash: flipBit(given.leafHash, bit) })).toBe(false);
      expect(verifyInclusion({ ...given, rootHash: flipBit(given.rootHash, bit) })).toBe(false);
      expect(verifyInclusion({ ...given, proof: [...proof, hashAt(other)] })).toBe(false);
      if (proof.length === 0) return;
      expect(verifyInclusion({ ...given, proof: proof.with(place, flipBit(proof[place] ?? hashAt(0), bit)) })).toBe(
        false,
      );
      expect(verifyInclusion({ ...given, proof: proof.toSpliced(place, 1) })).toBe(false);
    }),
    { numRuns: 1_000 },
  );
});

test('a consistency proof never verifies for another root, nor with any bit of it changed', () => {
  fc.assert(
    fc.property(leafAndSize, fc.nat(SIZE_MAX), fc.nat(), fc.nat(), ({ index, size }, other, bit, at) => {
      const oldSize = index + 1;
      const proof = proveConsistency(HASHES, oldSize, size);
      const given = { oldSize, oldRoot: rootAt(oldSize), size, rootHash: rootAt(size), proof };
      const place = at % Math.max(proof.length, 1);
      expect(verifyConsistency({ ...given, oldRoot: rootAt(other) })).toBe(other === oldSize);
      expect(verifyConsistency({ ...given, rootHash: rootAt(other) })).toBe(other === size);
      expect(verifyConsistency({ ...given, oldRoot: flipBit(given.oldRoot, bit) })).toBe(false);
      expect(verifyConsistency({ ...given, rootHash: flipBit(given.rootHash, bit) })).toBe(false);
      expect(verifyConsistency({ ...given, proof: [...proof, hashAt(0)] })).toBe(false);
      if (proof.length === 0) return;
      expect(verifyConsistency({ ...given, proof: proof.with(place, flipBit(proof[place] ?? hashAt(0), bit)) })).toBe(
        false,
      );
      expect(verifyConsistency({ ...given, proof: proof.toSpliced(place, 1) })).toBe(false);
    }),
    { numRuns: 1_000 },
  );
});

test('a tree in which one signed leaf was changed is never consistent with what was signed', () => {
  fc.assert(
    fc.property(leafAndSize, fc.nat(), ({ index, size }, changed) => {
      const oldSize = index + 1;
      const forked = HASHES.with(changed % oldSize, leafHash(Buffer.from('another story')));
      const proofs = [proveConsistency(forked, oldSize, size), proveConsistency(HASHES, oldSize, size)];
      const rootHash = rootOf(forked.slice(0, size));
      for (const proof of proofs) {
        expect(verifyConsistency({ oldSize, oldRoot: rootAt(oldSize), size, rootHash, proof })).toBe(false);
      }
    }),
    { numRuns: 500 },
  );
});

test('no rubbish is a proof, and none of it throws', () => {
  const rubbish = fc.array(fc.uint8Array({ minLength: 0, maxLength: 40 }), { maxLength: 70 });
  const anyNumber = fc.oneof(fc.integer(), fc.double(), fc.nat(SIZE_MAX));
  fc.assert(
    fc.property(anyNumber, anyNumber, rubbish, (a, b, proof) => {
      const root = rootAt(SIZE_MAX);
      expect(verifyInclusion({ leafHash: hashAt(3), index: a, size: b, proof, rootHash: root })).toBe(false);
      const oldRoot = rootAt(7);
      const isEmptyClaim = a === b && Buffer.compare(oldRoot, root) === 0;
      expect(verifyConsistency({ oldSize: a, oldRoot, size: b, rootHash: root, proof })).toBe(isEmptyClaim);
    }),
    { numRuns: 1_000 },
  );
});
