import { assert } from '../../proto/words/result.ts';
import { EMPTY_ROOT, emptyRange, HASH_BYTES, nodeHash } from './merkle.ts';

/** A tree of 2^53 leaves has paths of 53 hashes; a longer proof is refused before any hashing. */
export const PROOF_HASHES_MAX = 64;

/** Hashes from the leaf's side upwards, 32 bytes each, in the order of RFC 9162. */
export type Proof = readonly Uint8Array[];

/** Leaves `start` up to and without `end`; its hash is the root over them alone. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * The path of RFC 9162 section 2.1.3.1 for one leaf.
 *
 * @param leafHashes - in order, at least `size` of them; read once, so they may stream from a disk
 * @param index - from 0, below `size`
 * @throws Error when the leaf is not in the tree or the hashes run out: bugs of the caller
 */
export function proveInclusion(leafHashes: Iterable<Uint8Array>, index: number, size: number): Proof {
  assert(isSize(size) && isSize(index) && index < size, 'an inclusion proof is asked for a leaf of the tree');
  return hashSpans(spansOfInclusion(index, size), leafHashes);
}

/** The stretches of leaves whose roots make that path, in its order. */
export function spansOfInclusion(index: number, size: number): readonly Span[] {
  return inclusionSpans(index, { start: 0, end: size });
}

/** The stretches of leaves whose roots make a consistency proof, in its order. */
export function spansOfConsistency(oldSize: number, size: number): readonly Span[] {
  return oldSize === 0 || oldSize === size ? [] : consistencySpans(oldSize, { start: 0, end: size }, true);
}

/**
 * The proof of RFC 9162 section 2.1.4.1 that the first `oldSize` leaves of a tree of `size` are the old tree. It is empty
 * when there is nothing to show: equal sizes, or an old tree without leaves.
 *
 * @throws Error when `oldSize` is above `size` or the hashes run out: bugs of the caller
 */
export function proveConsistency(leafHashes: Iterable<Uint8Array>, oldSize: number, size: number): Proof {
  assert(
    isSize(size) && isSize(oldSize) && oldSize <= size,
    'a consistency proof goes from a smaller tree to a larger',
  );
  return hashSpans(spansOfConsistency(oldSize, size), leafHashes);
}

/** Does the path lead from this leaf at this place to this root? RFC 9162 section 2.1.3.2. Never throws. */
export function verifyInclusion(given: {
  readonly leafHash: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly proof: Proof;
  readonly rootHash: Uint8Array;
}): boolean {
  const { index, size, proof } = given;
  if (!isSize(index) || !isSize(size) || index >= size || !areHashes([...proof, given.leafHash])) return false;
  const climb = startClimb(index, size - 1);
  let root = given.leafHash;
  for (const sibling of proof) {
    if (climb.atTop()) return false;
    root = climb.isRightChild() ? nodeHash(sibling, root) : nodeHash(root, sibling);
    climb.up();
  }
  return climb.atTop() && areEqual(root, given.rootHash);
}

/** Is the old tree the beginning of the new one? RFC 9162 section 2.1.4.2. Never throws. */
export function verifyConsistency(given: {
  readonly oldSize: number;
  readonly oldRoot: Uint8Array;
  readonly size: number;
  readonly rootHash: Uint8Array;
  readonly proof: Proof;
}): boolean {
  const { oldSize, oldRoot, size, rootHash, proof } = given;
  if (!isSize(oldSize) || !isSize(size) || oldSize > size || !areHashes([...proof, oldRoot, rootHash])) return false;
  if (oldSize === size) return proof.length === 0 && areEqual(oldRoot, rootHash);
  if (oldSize === 0) return proof.length === 0 && areEqual(oldRoot, EMPTY_ROOT);
  // A perfect old tree is a node of the new one, and then the proof leaves it out.
  const [first, ...rest] = isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : proof;
  if (first === undefined) return false;

  const climb = startClimb(oldSize - 1, size - 1);
  climb.upWhileRight();
  let fromOld = first;
  let fromNew = first;
  for (const sibling of rest) {
    if (climb.atTop()) return false;
    if (climb.isRightChild()) {
      fromOld = nodeHash(sibling, fromOld);
      fromNew = nodeHash(sibling, fromNew);
    } else {
      fromNew = nodeHash(fromNew, sibling);
    }
    climb.up();
  }
  return climb.atTop() && areEqual(fromOld, oldRoot) && areEqual(fromNew, rootHash);
}

/**
 * The walk both verifications share: `fn` (a node's place in its level) and `sn` (that of the level's last node) of the
 * RFC, shifted right together.
 */
function startClimb(from: number, last: number) {
  let fn = from;
  let sn = last;
  const shift = () => {
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  };
  return {
    atTop: () => sn === 0,
    isRightChild: () => fn % 2 === 1 || fn === sn,
    upWhileRight: () => {
      while (fn % 2 === 1) shift();
    },
    up: () => {
      // A last node without a sibling is carried up unchanged until it has one.
      if (fn === sn) while (fn % 2 === 0 && fn !== 0) shift();
      shift();
    },
  };
}

/** PATH(m, D_n), lowest sibling first. */
function inclusionSpans(index: number, tree: Span): readonly Span[] {
  if (tree.end - tree.start === 1) return [];
  const [left, right] = halves(tree);
  return index < left.end ? [...inclusionSpans(index, left), right] : [...inclusionSpans(index, right), left];
}

/** SUBPROOF(m, D_n, b); `known` is b: the verifier holds the hash of this whole subtree. */
function consistencySpans(oldSize: number, tree: Span, known: boolean): readonly Span[] {
  if (oldSize === tree.end) return known ? [] : [tree];
  const [left, right] = halves(tree);
  return oldSize <= left.end
    ? [...consistencySpans(oldSize, left, known), right]
    : [...consistencySpans(oldSize, right, false), left];
}

/** Splits at the largest power of two below the number of leaves. */
function halves(tree: Span): readonly [Span, Span] {
  const leaves = tree.end - tree.start;
  let left = 1;
  while (left * 2 < leaves) left *= 2;
  const middle = tree.start + left;
  return [
    { start: tree.start, end: middle },
    { start: middle, end: tree.end },
  ];
}

/** Hashes of the spans in their order, from one pass over the leaves; the spans do not overlap. */
function hashSpans(spans: readonly Span[], leafHashes: Iterable<Uint8Array>): Proof {
  const growing = spans.map((span) => ({ span, range: emptyRange() }));
  const waiting = growing.toSorted((a, b) => a.span.start - b.span.start);
  let index = 0;
  for (const leaf of leafHashes) {
    if (waiting[0]?.span.end === index) waiting.shift();
    const next = waiting[0];
    if (next === undefined) break;
    if (index >= next.span.start) next.range.push(leaf);
    index += 1;
  }
  return growing.map(({ span, range }) => {
    assert(range.size() === span.end - span.start, 'a proof is made from all leaves of its tree');
    return range.root();
  });
}

function areHashes(values: readonly Uint8Array[]): boolean {
  return values.length <= PROOF_HASHES_MAX + 2 && values.every((value) => value.length === HASH_BYTES);
}

function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(Math.log2(value)) && 2 ** Math.log2(value) === value;
}
