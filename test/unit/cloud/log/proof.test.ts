import { describe, expect, test } from 'vitest';
import { leafHash } from '../../../../cloud/log/merkle.ts';
import {
  PROOF_HASHES_MAX,
  proveConsistency,
  proveInclusion,
  verifyConsistency,
  verifyInclusion,
} from '../../../../cloud/log/proof.ts';
import { hex, referenceLeaves, referenceTree, unhex } from './reference-tree.ts';

const hashes = referenceLeaves.map(leafHash);
const root = (size: number) => unhex(referenceTree.roots[size] ?? '');
const hashAt = (index: number) => hashes[index] ?? new Uint8Array();

describe('inclusion', () => {
  test.each(referenceTree.inclusion)('leaf $index of $size: the published path, and it verifies', (vector) => {
    const { index, size, proof } = vector;
    expect(proveInclusion(hashes, index, size).map(hex)).toEqual(proof);
    const given = { leafHash: hashAt(index), index, size, proof: proof.map(unhex), rootHash: root(size) };
    expect(verifyInclusion(given)).toBe(true);
  });

  const given = { leafHash: hashAt(5), index: 5, size: 8, proof: proveInclusion(hashes, 5, 8), rootHash: root(8) };

  test.each([
    ['another place', { index: 4 }],
    ['a place outside the tree', { index: 8 }],
    ['a negative place', { index: -1 }],
    ['half a place', { index: 5.5 }],
    ['a larger tree', { size: 16 }],
    ['no tree', { size: 0 }],
    ['a size that is no number', { size: Number.NaN }],
    ['another leaf', { leafHash: hashAt(4) }],
    ['another root', { rootHash: root(7) }],
    ['a short root', { rootHash: root(8).subarray(1) }],
    ['no path', { proof: [] }],
    ['a path one short', { proof: given.proof.slice(1) }],
    ['a path one long', { proof: [...given.proof, hashAt(0)] }],
    ['a path out of order', { proof: given.proof.toReversed() }],
    ['a hash cut short', { proof: given.proof.map((hash) => hash.subarray(1)) }],
    ['more hashes than any tree has', { proof: Array.from({ length: PROOF_HASHES_MAX + 2 }, () => hashAt(0)) }],
  ])('does not verify with %s', (_, changed) => {
    expect(verifyInclusion(given)).toBe(true);
    expect(verifyInclusion({ ...given, ...changed })).toBe(false);
  });

  test('a path that goes on above the top of the tree it claims does not verify', () => {
    // Leaf 1 of two, passed off as the only leaf of a tree with that root.
    const honest = { leafHash: hashAt(1), index: 1, size: 2, proof: [hashAt(0)], rootHash: root(2) };
    expect(verifyInclusion(honest)).toBe(true);
    expect(verifyInclusion({ ...honest, index: 0, size: 1 })).toBe(false);
  });

  test('a proof of a leaf outside the tree, or of leaves that are not there, is a bug', () => {
    expect(() => proveInclusion(hashes, 8, 8)).toThrow('broken invariant');
    expect(() => proveInclusion(hashes.slice(0, 3), 1, 4)).toThrow('broken invariant');
  });
});

describe('consistency', () => {
  test.each(referenceTree.consistency)('$oldSize to $size: the published proof, and it verifies', (vector) => {
    const { oldSize, size, proof } = vector;
    expect(proveConsistency(hashes, oldSize, size).map(hex)).toEqual(proof);
    const given = { oldSize, oldRoot: root(oldSize), size, rootHash: root(size), proof: proof.map(unhex) };
    expect(verifyConsistency(given)).toBe(true);
  });

  test('every tree begins as the empty one', () => {
    const given = { oldSize: 0, oldRoot: root(0), size: 8, rootHash: root(8), proof: [] };
    expect(proveConsistency(hashes, 0, 8)).toEqual([]);
    expect(verifyConsistency(given)).toBe(true);
    expect(verifyConsistency({ ...given, oldRoot: root(1) })).toBe(false);
    expect(verifyConsistency({ ...given, proof: [root(8)] })).toBe(false);
  });

  const given = { oldSize: 6, oldRoot: root(6), size: 8, rootHash: root(8), proof: proveConsistency(hashes, 6, 8) };

  test.each([
    ['another old size', { oldSize: 5 }],
    ['an old size above the new', { oldSize: 9 }],
    ['equal sizes and a proof', { oldSize: 8, oldRoot: root(8) }],
    ['equal sizes and different roots', { oldSize: 8, proof: [] }],
    ['another old root', { oldRoot: root(5) }],
    ['another new root', { rootHash: root(7) }],
    ['no proof', { proof: [] }],
    ['a proof one short', { proof: given.proof.slice(1) }],
    ['a proof one long', { proof: [...given.proof, hashAt(0)] }],
    ['a proof out of order', { proof: given.proof.toReversed() }],
    ['a hash cut short', { proof: given.proof.map((hash) => hash.subarray(1)) }],
  ])('does not verify with %s', (_, changed) => {
    expect(verifyConsistency(given)).toBe(true);
    expect(verifyConsistency({ ...given, ...changed })).toBe(false);
  });

  test('a proof from a larger tree to a smaller is a bug', () => {
    expect(() => proveConsistency(hashes, 8, 7)).toThrow('broken invariant');
  });
});
