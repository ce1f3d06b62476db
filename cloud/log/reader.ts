import type { LogLeaf } from '../../proto/codec/transfer-codec.ts';
import { assert, fail, ok, type Result } from '../../proto/words/result.ts';
import type { TreeHead } from './checkpoint.ts';
import { walkFrames } from './entry-file.ts';
import { type LogFault, logCorrupt, logNoEntry } from './faults.ts';
import { readLeaf } from './leaf.ts';
import { emptyRange, leafHash, TILE_ENTRIES } from './merkle.ts';
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
  if (!isTileWhole(files, tilesOf(index))) return fail(logCorrupt(files.directory, 'tile-differs', index));
  for (const leaf of walkLeaves(files, index)) {
    return leaf === undefined ? fail(logCorrupt(files.directory, 'entry-content', index)) : ok(leaf);
  }
  return fail(logCorrupt(files.directory, 'entries-short', index));
}

/**
 * The acknowledged entries from one on, in order, up to the head as it was when asked. Each full tile is hashed before any of
 * its entries is given out.
 *
 * @throws Error when the file no longer holds what is signed; `verifyLog` says what is wrong with it
 */
export function* readEntries(files: ReadFiles, head: TreeHead, from: number): Generator<NumberedLeaf, void> {
  assert(Number.isSafeInteger(from) && from >= 0, 'entries are read from an index');
  let index = from;
  if (index >= head.size) return;
  for (const leaf of walkLeaves(files, from)) {
    if (index === from || index % TILE_ENTRIES === 0)
      assert(isTileWhole(files, tilesOf(index)), 'an acknowledged tile stays as it was signed');
    assert(leaf !== undefined, 'an acknowledged entry stays readable');
    yield { index, leaf };
    index += 1;
    if (index === head.size) return;
  }
  assert(false, 'an acknowledged entry stays in the file');
}

/** Whether the entries of a tile give the root the index has for it; the last tile, not full yet, was hashed at opening. */
function isTileWhole(files: ReadFiles, tile: number): boolean {
  const root = files.index.rootOf(tile);
  if (root === undefined) return true;
  const range = emptyRange();
  for (const frame of walkFrames(files.fd, files.index.startOf(tile))) {
    if (frame.kind !== 'whole') return false;
    range.push(leafHash(frame.leaf));
    if (range.size() === TILE_ENTRIES) return Buffer.compare(range.root(), root) === 0;
  }
  return false;
}

/** Leaves of the file from one on; undefined for one that is not readable, and the end at one that is not whole. */
function* walkLeaves({ fd, index: tiles }: ReadFiles, from: number): Generator<LogLeaf | undefined, void> {
  const tile = Math.min(tilesOf(from), tiles.count());
  let index = tile * TILE_ENTRIES;
  for (const frame of walkFrames(fd, tiles.startOf(tile))) {
    if (frame.kind !== 'whole') return;
    if (index >= from) yield readLeaf(Buffer.from(frame.leaf));
    index += 1;
  }
}
