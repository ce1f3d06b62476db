import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyRange, leafHash, rootOf } from '../../cloud/log/merkle.ts';

/** MTH of RFC 9162 section 2.1.1, as literal as the text: from the leaves, by recursion, with its own hashing. */
function recursiveRoot(leaves: readonly Uint8Array[]): Buffer {
  const [first] = leaves;
  if (first === undefined) return createHash('sha256').digest();
  if (leaves.length === 1) return createHash('sha256').update(Buffer.of(0x00)).update(first).digest();
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  const [left, right] = [recursiveRoot(leaves.slice(0, k)), recursiveRoot(leaves.slice(k))];
  return createHash('sha256').update(Buffer.of(0x01)).update(left).update(right).digest();
}

const leaves = fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 200 });

test('the root of a growing tree is that of the recursive definition, for any leaves', () => {
  fc.assert(
    fc.property(leaves, (given) => {
      expect(rootOf(given.map(leafHash))).toEqual(recursiveRoot(given));
    }),
    { numRuns: 300 },
  );
});

test('it is so at every size on the way', () => {
  const given = Array.from({ length: 300 }, (_, index) => Buffer.from(`leaf ${index}`));
  const range = emptyRange();
  for (const [index, leaf] of given.entries()) {
    expect(range.root()).toEqual(recursiveRoot(given.slice(0, index)));
    range.push(leafHash(leaf));
    expect(range.size()).toBe(index + 1);
  }
});

test('any other list of leaves has another root', () => {
  fc.assert(
    fc.property(leaves, leaves, (one, other) => {
      const areSame =
        one.length === other.length && one.every((leaf, at) => Buffer.compare(leaf, other[at] ?? leaf) === 0);
      expect(Buffer.compare(rootOf(one.map(leafHash)), rootOf(other.map(leafHash))) === 0).toBe(areSame);
    }),
  );
});

test('moving any leaf to another place gives another root', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { minLength: 2, maxLength: 100 }), fc.nat(), fc.nat(), (texts, a, b) => {
      const hashes = texts.map((text) => leafHash(Buffer.from(text)));
      const [from, to] = [a % hashes.length, b % hashes.length];
      const moved = hashes.toSpliced(from, 1).toSpliced(to, 0, ...hashes.slice(from, from + 1));
      expect(Buffer.compare(rootOf(moved), rootOf(hashes)) === 0).toBe(from === to);
    }),
  );
});

test('a copy and its original never meet again once they differ', () => {
  fc.assert(
    fc.property(leaves, fc.uint8Array(), fc.uint8Array(), (before, one, other) => {
      fc.pre(Buffer.compare(one, other) !== 0);
      const range = emptyRange();
      for (const leaf of before) range.push(leafHash(leaf));
      const copy = range.copy();
      range.push(leafHash(one));
      copy.push(leafHash(other));
      expect(range.root()).toEqual(recursiveRoot([...before, one]));
      expect(copy.root()).toEqual(recursiveRoot([...before, other]));
    }),
  );
});
