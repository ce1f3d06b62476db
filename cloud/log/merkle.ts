import { hash } from 'node:crypto';
import { assert } from '../../proto/words/result.ts';

/** SHA-256, the one hash of RFC 9162 logs. */
export const HASH_BYTES = 32;

/** Root of the tree without leaves: the hash of nothing (RFC 9162 section 2.1.1). */
export const EMPTY_ROOT: Uint8Array = hash('sha256', '', 'buffer');

/** Different first bytes keep a leaf from passing for an inner node, and the other way round. */
const LEAF_PREFIX = 0;
const NODE_PREFIX = 1;

/** Hashing is synchronous and keeps nothing of its input, so one buffer serves every node, and one every leaf that fits. */
const NODE = Buffer.alloc(1 + 2 * HASH_BYTES, NODE_PREFIX);
const LEAF = Buffer.alloc(16_384, LEAF_PREFIX);

export function leafHash(leaf: Uint8Array): Uint8Array {
  const input =
    leaf.length < LEAF.length ? LEAF.subarray(0, 1 + leaf.length) : Buffer.alloc(1 + leaf.length, LEAF_PREFIX);
  input.set(leaf, 1);
  return sha256(input);
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  NODE.set(left, 1);
  NODE.set(right, 1 + HASH_BYTES);
  return sha256(NODE);
}

/** Node gives a digest out as a string of bytes twice as fast as in a Buffer of its own. */
const sha256 = (input: Uint8Array): Uint8Array => Buffer.from(hash('sha256', input, 'binary'), 'binary');

/** A tile is a perfect subtree of this height, and of so many leaves (C2SP tlog-tiles). */
export const TILE_HEIGHT = 8;
export const TILE_ENTRIES = 256;

/**
 * A growing tree, kept as the roots of its perfect subtrees: one for every set bit of its size, largest first. That is
 * all it takes to append and to compute the root, so memory is O(log n) and `push` is O(1) on average.
 */
export interface CompactRange {
  readonly size: () => number;
  /**
   * Takes the hash of the next leaf (`leafHash`), not the leaf.
   *
   * @returns the root of the tile that this leaf fills, if it does
   */
  readonly push: (leafHash: Uint8Array) => Uint8Array | undefined;
  /** MTH of RFC 9162 section 2.1.1 over all leaves so far. */
  readonly root: () => Uint8Array;
  /** A tree of its own with the same leaves; what is pushed to one is not in the other. */
  readonly copy: () => CompactRange;
  /** The same tree where each of its leaves was the root of a tile. */
  readonly ofTiles: () => CompactRange;
}

export function emptyRange(): CompactRange {
  return rangeOf(0, []);
}

/** Root over leaf hashes that are all at hand. */
export function rootOf(leafHashes: Iterable<Uint8Array>): Uint8Array {
  const range = emptyRange();
  for (const leaf of leafHashes) range.push(leaf);
  return range.root();
}

/** The tree of leaves that fill these tiles, in order, known by the tiles' roots alone. */
export function rangeOfTiles(tileRoots: Iterable<Uint8Array>): CompactRange {
  const tiles = emptyRange();
  for (const root of tileRoots) tiles.push(root);
  return tiles.ofTiles();
}

function rangeOf(startSize: number, startPeaks: readonly Uint8Array[]): CompactRange {
  let size = startSize;
  const peaks = [...startPeaks];
  return {
    size: () => size,
    push: (leaf) => {
      let merged = leaf;
      let height = 0;
      let tile: Uint8Array | undefined;
      // Two subtrees of the same height become one, as a carry does in binary counting. Sizes pass 2^32: no bit operators.
      for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) {
        merged = nodeHash(popped(peaks), merged);
        height += 1;
        if (height === TILE_HEIGHT) tile = merged;
      }
      peaks.push(merged);
      size += 1;
      return tile;
    },
    root: () => {
      const smallestFirst = peaks.toReversed();
      return smallestFirst.length === 0 ? EMPTY_ROOT : smallestFirst.reduce((right, left) => nodeHash(left, right));
    },
    copy: () => rangeOf(size, peaks),
    ofTiles: () => rangeOf(size * TILE_ENTRIES, peaks),
  };
}

function popped(peaks: Uint8Array[]): Uint8Array {
  const peak = peaks.pop();
  assert(peak !== undefined, 'a compact range holds one peak for every set bit of its size');
  return peak;
}
