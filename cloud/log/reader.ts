import type { LogLeaf } from '../../proto/codec/transfer-codec.ts';
import { assert, fail, ok, type Result } from '../../proto/words/result.ts';
import type { TreeHead } from './checkpoint.ts';
import { walkFrames } from './entry-file.ts';
import { type LogFault, logCorrupt, logNoEntry } from './faults.ts';
import { readLeaf } from './leaf.ts';
import { leafHash, rootOf, TILE_ENTRIES } from './merkle.ts';
import type { LogFiles } from './recover.ts';
import { tilesOf } from './tile-index.ts';

export interface NumberedLeaf {
  /** From 0. */
  readonly index: number;
  readonly leaf: LogLeaf;
}

/** What reading takes of a log. */
export type ReadFiles = Pick<LogFiles, 'directory' | 'fd' | 'index'>;

/** One acknowledged entry, once the tile it lies in gave its root again. */
export function readEntry(files: ReadFiles, head: TreeHead, index: number): Result<LogLeaf, LogFault> {
  const isThere = Number.isSafeInteger(index) && index >= 0 && index < head.size;
  if (!isThere) return fail(logNoEntry(index, head.size));
  const leaves = tileLeaves(files, tilesOf(index), head.size);
  if (leaves === undefined) return fail(logCorrupt(files.directory, 'tile-differs', index));
  const bytes = leaves[index % TILE_ENTRIES];
  if (bytes === undefined) return fail(logCorrupt(files.directory, 'entries-short', index));
  const leaf = readLeaf(bytes);
  return leaf === undefined ? fail(logCorrupt(files.directory, 'entry-content', index)) : ok(leaf);
}

/**
 * The acknowledged entries from one on, in order, up to the head as it was when asked. Each full tile is hashed before any of
 * its entries is given out.
 *
 * @throws Error when the file no longer holds what is signed; `verifyLog` says what is wrong with it
 */
export function* readEntries(files: ReadFiles, head: TreeHead, from: number): Generator<NumberedLeaf, void> {
  assert(Number.isSafeInteger(from) && from >= 0, 'entries are read from an index');
  for (let index = from; index < head.size; ) {
    const leaves = tileLeaves(files, tilesOf(index), head.size);
    assert(leaves !== undefined, 'an acknowledged tile stays as it was signed');
    for (const bytes of leaves.slice(index % TILE_ENTRIES)) {
      const leaf = readLeaf(bytes);
      assert(leaf !== undefined, 'an acknowledged entry stays readable');
      yield { index, leaf };
      index += 1;
    }
    assert(index >= head.size || index % TILE_ENTRIES === 0, 'an acknowledged entry stays in the file');
  }
}

/**
 * Leaves of one tile up to a size of the log, each a copy: read once, and hashed before any is given out. Undefined when they
 * do not give the root that the index has; the last tile, not full yet, was hashed at opening, and has fewer when the file is cut.
 */
export function tileLeaves({ fd, index }: ReadFiles, tile: number, size: number): readonly Buffer[] | undefined {
  const wanted = Math.min(TILE_ENTRIES, size - tile * TILE_ENTRIES);
  const leaves: Buffer[] = [];
  if (wanted <= 0) return leaves;
  for (const frame of walkFrames(fd, index.startOf(tile))) {
    if (frame.kind !== 'whole') break;
    leaves.push(Buffer.from(frame.leaf));
    if (leaves.length === wanted) break;
  }
  const root = index.rootOf(tile);
  if (root === undefined) return leaves;
  const isFull = leaves.length === TILE_ENTRIES;
  return isFull && Buffer.compare(rootOf(leaves.map(leafHash)), root) === 0 ? leaves : undefined;
}
