import { assert } from '../../proto/words/result.ts';
import { type CompactRange, emptyRange, TILE_ENTRIES } from './merkle.ts';
import type { TileIndex } from './tile-index.ts';

/** The tree over full tiles, with the root of every 256 of them kept: what is asked of it hashes some hundreds of roots, however many tiles there are. */
export interface TileTree {
  /** The tree of all entries of the full tiles that the index has by now. */
  readonly full: () => CompactRange;
  /** The tree of the entries of some full tiles alone. */
  readonly over: (first: number, count: number) => CompactRange;
}

export function createTileTree(index: TileIndex): TileTree {
  const tiles = emptyRange();
  /** Of each full tile of tiles. */
  const groups: Uint8Array[] = [];
  const rootAt = (tile: number): Uint8Array => {
    const root = index.rootOf(tile);
    assert(root !== undefined, 'every full tile of an opened log has its root');
    return root;
  };
  const catchUp = (): void => {
    while (tiles.size() < index.count()) {
      const group = tiles.push(rootAt(tiles.size()));
      if (group !== undefined) groups.push(Uint8Array.from(group));
    }
  };
  return {
    full: () => {
      catchUp();
      return tiles.ofTiles();
    },
    over: (first, count) => {
      catchUp();
      const whole = first % TILE_ENTRIES === 0 ? Math.floor(count / TILE_ENTRIES) : 0;
      const above = emptyRange();
      for (const root of groups.slice(first / TILE_ENTRIES, first / TILE_ENTRIES + whole)) above.push(root);
      const range = above.ofTiles();
      for (let tile = first + range.size(); tile < first + count; tile += 1) range.push(rootAt(tile));
      return range.ofTiles();
    },
  };
}
