import type { LogLeaf } from '../../proto/codec/transfer-codec.ts';
import { assert, fail, ok, type Result } from '../../proto/words/result.ts';
import type { TreeHead } from './checkpoint.ts';
import { walkFrames } from './entry-file.ts';
import { type LogFault, logCorrupt, logNoEntry } from './faults.ts';
import { leafFields, readLeaf } from './leaf.ts';
import { leafHash, rootOf, TILE_ENTRIES } from './merkle.ts';
import type { LogFiles } from './recover.ts';
import { tilesOf } from './tile-index.ts';
import { type TileTerms, termOf } from './tile-terms.ts';

export interface NumberedLeaf {
  /** From 0. */
  readonly index: number;
  readonly leaf: LogLeaf;
}

/** What reading takes of a log. */
export type ReadFiles = Pick<LogFiles, 'directory' | 'fd' | 'index'>;

/** What finding takes beside it. */
export type FoundFiles = ReadFiles & { readonly terms: TileTerms };

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
 * @param kind - only entries of it
 * @throws Error when the file no longer holds what is signed; `verifyLog` says what is wrong with it
 */
export function* readEntries(
  files: FoundFiles,
  head: TreeHead,
  from: number,
  kind?: string,
): Generator<NumberedLeaf, void> {
  assert(Number.isSafeInteger(from) && from >= 0, 'entries are read from an index');
  const term = kind === undefined ? undefined : termOf('kind', kind);
  for (let tile = tilesOf(from); tile * TILE_ENTRIES < head.size; tile += 1) {
    if (term !== undefined && !files.terms.mayHave(tile, term)) continue;
    const leaves = tileLeaves(files, tile, head.size);
    const wanted = Math.min(TILE_ENTRIES, head.size - tile * TILE_ENTRIES);
    assert(leaves?.length === wanted, 'an acknowledged tile stays as it was signed, in the file');
    for (const [at, bytes] of leaves.entries()) {
      const index = tile * TILE_ENTRIES + at;
      if (index < from || (kind !== undefined && !hasKind(bytes, kind))) continue;
      const leaf = readLeaf(bytes);
      assert(leaf !== undefined, 'an acknowledged entry stays readable');
      yield { index, leaf };
    }
  }
}

const hasKind = (leaf: Uint8Array, kind: string): boolean => Buffer.from(kind).equals(leafFields(leaf).kind);

/**
 * Leaves of one tile up to a size of the log, each a copy: read once, and hashed before any is given out. Undefined when they
 * do not give the root that the index has; the last tile, not full yet, was hashed at opening, and has fewer when the file is cut.
 */
export function tileLeaves({ fd, index }: ReadFiles, tile: number, size: number): readonly Buffer[] | undefined {
  const wanted = Math.min(TILE_ENTRIES, size - tile * TILE_ENTRIES);
  const leaves: Buffer[] = [];
  if (wanted <= 0) return leaves;
  // It may have been filled since the log had that size: then it is hashed whole, and given as far as it went.
  const root = index.rootOf(tile);
  const needed = root === undefined ? wanted : TILE_ENTRIES;
  for (const frame of walkFrames(fd, index.startOf(tile))) {
    if (frame.kind !== 'whole') break;
    leaves.push(Buffer.from(frame.leaf));
    if (leaves.length === needed) break;
  }
  if (root === undefined) return leaves;
  const isGood = leaves.length === needed && Buffer.compare(rootOf(leaves.map(leafHash)), root) === 0;
  return isGood ? leaves.slice(0, wanted) : undefined;
}
