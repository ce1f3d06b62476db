import { fail, ok, type Result } from '../../proto/words/result.ts';
import { walkFrames } from './entry-file.ts';
import type { Damage } from './faults.ts';
import { type CompactRange, emptyRange, leafHash, rangeOfTiles } from './merkle.ts';
import { type TileRecord, tileRecord } from './tile-index.ts';

/** The tree over the first entries of a file. */
export interface Replay {
  readonly range: CompactRange;
  /** End of the last of them, in bytes from the start of the file. */
  readonly bytes: number;
  /** The tiles they fill, from the first on. */
  readonly tiles: readonly TileRecord[];
}

export interface ReplayFault {
  readonly damage: Damage;
  /** Index of the first entry that is not there whole. */
  readonly entry: number;
}

export interface ReplayedEntry {
  readonly index: number;
  /** A view that is overwritten afterwards. */
  readonly leaf: Uint8Array;
  /** The tree with this entry as its last. */
  readonly range: CompactRange;
}

/**
 * Hashes the first `size` entries of a file into a tree; memory does not grow with the file, but for 40 bytes a tile.
 *
 * @param known - full tiles that need no hashing; believed here, so the root has to be compared afterwards
 * @throws the system error of a failed read
 */
export function replayEntries(
  fd: number,
  size: number,
  visit: (entry: ReplayedEntry) => void,
  known: readonly TileRecord[] = [],
): Result<Replay, ReplayFault> {
  const range = known.length === 0 ? emptyRange() : rangeOfTiles(known.map(({ root }) => root));
  const tiles = [...known];
  let bytes = known.at(-1)?.end ?? 0;
  if (size === range.size()) return ok({ range, bytes, tiles });
  for (const frame of walkFrames(fd, bytes)) {
    const index = range.size();
    if (frame.kind === 'cut') break;
    if (frame.kind === 'malformed') return fail({ damage: 'entry-framing', entry: index });
    const root = range.push(leafHash(frame.leaf));
    if (root !== undefined) tiles.push(tileRecord(frame.end, root));
    visit({ index, leaf: frame.leaf, range });
    bytes = frame.end;
    if (index + 1 === size) return ok({ range, bytes, tiles });
  }
  return fail({ damage: 'entries-short', entry: range.size() });
}
