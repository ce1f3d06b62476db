import type { KeyObject } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { assert, fail, ok, type Result } from '../../proto/words/result.ts';
import { openCheckpoint, type TreeHead } from './checkpoint.ts';
import { readCheckpointFile } from './checkpoint-file.ts';
import { ENTRIES_FILE } from './entry-file.ts';
import { attempt, type LogFault, logCorrupt } from './faults.ts';
import { loadTree } from './load-tree.ts';
import { leafHash, rangeOfTiles, TILE_ENTRIES } from './merkle.ts';
import { findAbsence } from './open-log.ts';
import { type Proof, type Span, spansOfConsistency, spansOfInclusion } from './proof.ts';
import { type NumberedLeaf, type ReadFiles, readEntries, tileLeaves } from './reader.ts';
import { createTileIndex, type TileIndex, tilesOf } from './tile-index.ts';

/** A log as it stands under one signed head, opened to read; its writer may go on beside it. */
export interface ReadLog {
  readonly head: TreeHead;
  /** The checkpoint, byte for byte. */
  readonly note: string;
  /** RFC 9162 path of a leaf below the head's size. */
  readonly proveInclusion: (index: number) => Proof;
  /** RFC 9162 proof that the first `oldSize` entries were the whole log once. */
  readonly proveConsistency: (oldSize: number) => Proof;
  /** Leaves of one tile, whole or the last, as they stand in the file; at most 256. */
  readonly leavesOf: (tile: number) => readonly Buffer[];
  /** Roots of the full tiles, in order. */
  readonly tileRoots: () => readonly Uint8Array[];
  /** Entries in order, each tile hashed before any of it is given out. @throws Error for a damaged file */
  readonly entries: (from?: number) => Iterable<NumberedLeaf>;
  readonly close: () => void;
}

export interface ReadLogOptions {
  readonly directory: string;
  readonly origin: string;
  /** Ed25519, of the log. */
  readonly publicKey: KeyObject;
}

/**
 * Opens a log to read and prove, and changes nothing.
 *
 * Faults: LOG_MISSING, LOG_CORRUPT, LOG_UNAVAILABLE.
 */
export function readLog(options: ReadLogOptions): Result<ReadLog, LogFault> {
  const directory = resolve(options.directory);
  return attempt(directory, () => {
    const absence = findAbsence(directory);
    if (absence !== undefined) return fail(absence);
    const note = readCheckpointFile(directory);
    const head = openCheckpoint(note, options);
    if (!head.ok) return fail(logCorrupt(directory, head.fault));
    const fd = openSync(join(directory, ENTRIES_FILE), 'r');
    const tree = loadTree(directory, fd, head.value);
    if (!tree.ok) {
      closeSync(fd);
      return tree;
    }
    const files = { directory, fd, index: createTileIndex(tree.value.tiles) };
    return ok(readerOf(files, head.value, note.toString('utf8')));
  });
}

function readerOf(files: ReadFiles, head: TreeHead, note: string): ReadLog {
  const tileRoots = () => Array.from({ length: tilesOf(head.size) }, (_, tile) => rootAt(files.index, tile));
  const leavesOf = (tile: number) => readTile(files, tile, head.size);
  const hashOf = (span: Span) => spanHash(span, files.index, leavesOf);
  return {
    head,
    note,
    proveInclusion: (index) => {
      assert(index >= 0 && index < head.size, 'an inclusion proof is asked for a leaf of the tree');
      return spansOfInclusion(index, head.size).map(hashOf);
    },
    proveConsistency: (oldSize) => {
      assert(oldSize >= 0 && oldSize <= head.size, 'a consistency proof goes from a smaller tree to a larger');
      return spansOfConsistency(oldSize, head.size).map(hashOf);
    },
    leavesOf,
    tileRoots,
    entries: (from = 0) => readEntries(files, head, from),
    close: () => closeSync(files.fd),
  };
}

/** Spans of proofs of 256 leaves and more begin with a tile; shorter ones lie within one. */
function spanHash({ start, end }: Span, index: TileIndex, leavesOf: ReadLog['leavesOf']): Uint8Array {
  const tile = tilesOf(start);
  const full = tilesOf(end - start);
  const range = rangeOfTiles(Array.from({ length: full }, (_, at) => rootAt(index, tile + at)));
  const rest = { tile: tile + full, from: start % TILE_ENTRIES, count: end - start - full * TILE_ENTRIES };
  if (rest.count > 0)
    for (const leaf of leavesOf(rest.tile).slice(rest.from, rest.from + rest.count)) range.push(leafHash(leaf));
  assert(range.size() === end - start, 'a proof is made from all leaves of its tree');
  return range.root();
}

function rootAt(index: TileIndex, tile: number): Uint8Array {
  const root = index.rootOf(tile);
  assert(root !== undefined, 'every full tile of an opened log has its root');
  return root;
}

/** @throws Error for a tile that is not as it was signed */
function readTile(files: ReadFiles, tile: number, size: number): readonly Buffer[] {
  const wanted = Math.max(0, Math.min(TILE_ENTRIES, size - tile * TILE_ENTRIES));
  const leaves = tileLeaves(files, tile, size);
  assert(leaves?.length === wanted, 'an acknowledged tile stays as it was signed');
  return leaves;
}
