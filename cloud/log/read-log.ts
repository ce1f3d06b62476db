import type { KeyObject } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { assert, fail, ok, type Result } from '../../proto/words/result.ts';
import type { Instant } from '../../proto/words/time.ts';
import { openCheckpoint, type TreeHead } from './checkpoint.ts';
import { readCheckpointFile } from './checkpoint-file.ts';
import { ENTRIES_FILE, walkFrames } from './entry-file.ts';
import { attempt, type LogFault, logCorrupt } from './faults.ts';
import { leafFields } from './leaf.ts';
import { loadTree } from './load-tree.ts';
import { leafHash, TILE_ENTRIES } from './merkle.ts';
import { findAbsence } from './open-log.ts';
import { type Proof, type Span, spansOfConsistency, spansOfInclusion } from './proof.ts';
import { type FoundFiles, type NumberedLeaf, type ReadFiles, readEntries, tileLeaves } from './reader.ts';
import { readTerms } from './terms-file.ts';
import { createTileIndex, type TileIndex, type TileRecord, tileRecord, tilesOf } from './tile-index.ts';
import type { TileTerms } from './tile-terms.ts';
import { createTileTree, type TileTree } from './tile-tree.ts';

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
  /** When the first entry of a tile was recorded. */
  readonly firstIn: (tile: number) => Instant;
  /** Roots of the full tiles, in order. */
  readonly tileRoots: () => readonly Uint8Array[];
  /** By which kinds, transfers and actors its tiles are found. */
  readonly terms: TileTerms;
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

/** A log that is asked again and again, by the newest head there is; tiles that were held against a head once are not hashed again for the next. */
export interface KeptLog {
  /**
   * What is read under a head stays good when a newer one comes. Its `close` does nothing.
   *
   * Faults: LOG_MISSING, LOG_UNAVAILABLE; LOG_CORRUPT, also for a head that is shorter than one seen before, or of another history.
   */
  readonly read: () => Result<ReadLog, LogFault>;
  readonly close: () => void;
}

/**
 * Opens a log to read and prove, and changes nothing.
 *
 * Faults: LOG_MISSING, LOG_CORRUPT, LOG_UNAVAILABLE.
 */
export function readLog(options: ReadLogOptions): Result<ReadLog, LogFault> {
  const kept = keepLog(options);
  const read = kept.read();
  return read.ok ? ok({ ...read.value, close: kept.close }) : read;
}

/** @param terms - those of the process that writes the log, where it is this one; else they are read from their file */
export function keepLog(options: ReadLogOptions, terms?: TileTerms): KeptLog {
  const directory = resolve(options.directory);
  let tree: Tree | undefined;
  let last: ReadLog | undefined;
  const opened = (fd: number, head: TreeHead): Result<Tree, LogFault> => {
    const loaded = loadTree(directory, fd, head);
    if (!loaded.ok) return loaded;
    const index = createTileIndex(loaded.value.tiles);
    const own = terms === undefined ? readTerms(directory, options, index) : undefined;
    return ok({
      directory,
      fd,
      index,
      tiles: createTileTree(index),
      terms: terms ?? own ?? NO_TERMS_KNOWN,
      catchUp: own?.catchUp,
      firsts: new Map(),
    });
  };
  const read = (): Result<ReadLog, LogFault> => {
    const absence = findAbsence(directory);
    if (absence !== undefined) return fail(absence);
    const bytes = readCheckpointFile(directory);
    const note = bytes.toString('utf8');
    if (tree !== undefined && last?.note === note) {
      tree.catchUp?.();
      return ok(last);
    }
    const head = openCheckpoint(bytes, options);
    if (!head.ok) return fail(logCorrupt(directory, head.fault));
    const next = tree === undefined ? withFd(directory, (fd) => opened(fd, head.value)) : extended(tree, head.value);
    if (!next.ok) return next;
    tree = next.value;
    tree.catchUp?.();
    last = readerOf(tree, head.value, note);
    return ok(last);
  };
  return {
    read: () => attempt(directory, read),
    close: () => {
      if (tree !== undefined) closeSync(tree.fd);
      [tree, last] = [undefined, undefined];
    },
  };
}

/** An opened log, held against the newest head. */
interface Tree extends FoundFiles {
  readonly tiles: TileTree;
  readonly catchUp: (() => void) | undefined;
  /** When the first entry of a tile was recorded, of tiles that were asked for. */
  readonly firsts: Map<number, Instant>;
}

const recordedIn = (leaf: Buffer | undefined): Instant =>
  (leaf === undefined ? 0 : leafFields(leaf).recordedAtMs) as Instant;

function once<T>(work: (key: number) => T): (key: number) => T {
  const known = new Map<number, T>();
  return (key) => {
    const value = known.get(key) ?? work(key);
    known.set(key, value);
    return value;
  };
}

/** Nothing is known, so every tile is looked at. */
const NO_TERMS_KNOWN: TileTerms = { count: () => 0, mayHave: () => true };

function withFd(directory: string, open: (fd: number) => Result<Tree, LogFault>): Result<Tree, LogFault> {
  const fd = openSync(join(directory, ENTRIES_FILE), 'r');
  const opened = open(fd);
  if (!opened.ok) closeSync(fd);
  return opened;
}

/** Holds what follows the full tiles against a newer head. The file may be another by now, by a restore: then it is not the log that was opened. */
function extended(tree: Tree, head: TreeHead): Result<Tree, LogFault> {
  const { directory, fd, index } = tree;
  const range = tree.tiles.full();
  if (head.size < range.size()) return fail(logCorrupt(directory, 'head-lost'));
  const filled: TileRecord[] = [];
  for (const frame of walkFrames(fd, index.startOf(index.count()))) {
    if (frame.kind !== 'whole' || range.size() === head.size) break;
    const root = range.push(leafHash(frame.leaf));
    if (root !== undefined) filled.push(tileRecord(frame.end, root));
  }
  if (range.size() < head.size) return fail(logCorrupt(directory, 'entries-short'));
  if (Buffer.compare(range.root(), head.rootHash) !== 0) return fail(logCorrupt(directory, 'head-forked'));
  index.add(filled);
  return ok(tree);
}

function readerOf(tree: Tree, head: TreeHead, note: string): ReadLog {
  const { index, terms } = tree;
  const tileRoots = () => Array.from({ length: tilesOf(head.size) }, (_, tile) => rootAt(index, tile));
  const leavesOf = (tile: number) => readTile(tree, tile, head.size);
  const hashesOf = (spans: readonly Span[]): Proof => {
    // The short spans of a proof lie in one tile, or in two.
    const leavesOnce = once(leavesOf);
    return spans.map((span) => spanHash(span, tree.tiles, leavesOnce));
  };
  return {
    head,
    note,
    proveInclusion: (at) => {
      assert(at >= 0 && at < head.size, 'an inclusion proof is asked for a leaf of the tree');
      return hashesOf(spansOfInclusion(at, head.size));
    },
    proveConsistency: (oldSize) => {
      assert(oldSize >= 0 && oldSize <= head.size, 'a consistency proof goes from a smaller tree to a larger');
      return hashesOf(spansOfConsistency(oldSize, head.size));
    },
    leavesOf,
    firstIn: (tile) => {
      const known = tree.firsts.get(tile) ?? recordedIn(leavesOf(tile)[0]);
      tree.firsts.set(tile, known);
      return known;
    },
    tileRoots,
    terms,
    entries: (from = 0) => readEntries(tree, head, from),
    close: () => undefined,
  };
}

/** Spans of proofs of 256 leaves and more begin with a tile; shorter ones lie within one. */
function spanHash({ start, end }: Span, tiles: TileTree, leavesOf: ReadLog['leavesOf']): Uint8Array {
  const tile = tilesOf(start);
  const full = tilesOf(end - start);
  const range = tiles.over(tile, full);
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
