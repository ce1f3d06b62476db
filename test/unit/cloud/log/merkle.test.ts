import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { EMPTY_ROOT, emptyRange, leafHash, nodeHash, rootOf } from '../../../../cloud/log/merkle.ts';
import { hex, referenceLeaves, referenceTree } from './reference-tree.ts';

test.each(referenceTree.roots.map((root, size) => ({ size, root })))(
  'the root of the first $size reference leaves is the published one',
  ({ size, root }) => {
    expect(hex(rootOf(referenceLeaves.slice(0, size).map(leafHash)))).toBe(root);
  },
);

test('the empty root is the hash of nothing', () => {
  expect(hex(EMPTY_ROOT)).toBe(referenceTree.roots[0]);
  expect(emptyRange().root()).toEqual(EMPTY_ROOT);
});

test('a leaf is hashed behind a zero byte and a node behind a one', () => {
  const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
  const [left, right] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
  expect(leafHash(left)).toEqual(sha256(Buffer.of(0), left));
  expect(nodeHash(left, right)).toEqual(sha256(Buffer.of(1), left, right));
  // Without the prefixes the leaf `left || right` would pass for the node over the two.
  expect(leafHash(Buffer.concat([left, right]))).not.toEqual(nodeHash(left, right));
});

test('a copy grows alone', () => {
  const range = emptyRange();
  for (const leaf of referenceLeaves.slice(0, 5)) range.push(leafHash(leaf));
  const copy = range.copy();
  copy.push(leafHash(Buffer.of(0xff)));
  expect([range.size(), copy.size()]).toEqual([5, 6]);
  expect(hex(range.root())).toBe(referenceTree.roots[5]);
  for (const leaf of referenceLeaves.slice(5)) range.push(leafHash(leaf));
  expect(hex(range.root())).toBe(referenceTree.roots[8]);
});

test('asking for the root changes nothing', () => {
  const range = emptyRange();
  for (const [index, leaf] of referenceLeaves.entries()) {
    range.push(leafHash(leaf));
    range.root();
    expect(hex(range.root())).toBe(referenceTree.roots[index + 1]);
  }
});
