import { leafHash, rangeOfTiles, TILE_ENTRIES } from './merkle.ts';
import type { ReadLog } from './read-log.ts';
import { tilesOf } from './tile-index.ts';

/** A file of a C2SP tlog-tiles layout. */
export interface TileFile {
  /** Below the log's own prefix, e.g. `tile/0/x001/234.p/7`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Entry bundles of C2SP hold entries up to this length; ours may be longer, and stand in `tile/entries32` in any case. */
export const BUNDLED_ENTRY_BYTES_MAX = 65_535;

/** `x001/x234/067` for 1234067, with `.p/W` for a tile that is not full. */
export function tilePath(prefix: string, tile: number, width: number): string {
  const digits = String(tile);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.{3}/g) ?? [];
  const path = groups.map((group, at) => (at === groups.length - 1 ? group : `x${group}`)).join('/');
  return `${prefix}/${path}${width === TILE_ENTRIES ? '' : `.p/${width}`}`;
}

/**
 * The tiles an outside verifier needs to prove each entry of a stretch under the head: of level 0 those of the stretch and the
 * last, of higher levels all; and the entries of the stretch's tiles. Entries come as `tile/entries` where each of a tile fits the 16-bit
 * length of C2SP, and always as `tile/entries32`, the same with 32-bit lengths.
 *
 * @param tiles - first and last tile of level 0 to take, both included; undefined takes none but the last
 */
export function* tileFiles(log: ReadLog, tiles: { readonly first: number; readonly last: number } | undefined) {
  const partial = tilesOf(log.head.size);
  for (let tile = tiles?.first ?? 0; tiles !== undefined && tile <= tiles.last; tile += 1) yield* entryFiles(log, tile);
  const hasPartial = log.head.size % TILE_ENTRIES > 0;
  if (hasPartial && (tiles === undefined || tiles.last < partial)) yield hashFile(log, partial);
  yield* upperTiles(log.tileRoots());
}

function* entryFiles(log: ReadLog, tile: number): Generator<TileFile> {
  const leaves = log.leavesOf(tile);
  yield hashFile(log, tile);
  const long = leaves.some(({ length }) => length > BUNDLED_ENTRY_BYTES_MAX);
  if (!long) yield { path: tilePath('tile/entries', tile, leaves.length), bytes: bundle(leaves, 2) };
  yield { path: tilePath('tile/entries32', tile, leaves.length), bytes: bundle(leaves, 4) };
}

function hashFile(log: ReadLog, tile: number): TileFile {
  const leaves = log.leavesOf(tile);
  return { path: tilePath('tile/0', tile, leaves.length), bytes: Buffer.concat(leaves.map(leafHash)) };
}

/** Levels from 1 up: each hash is the root of a full tile of the level below. */
function* upperTiles(roots: readonly Uint8Array[]): Generator<TileFile> {
  let hashes = roots;
  for (let level = 1; hashes.length > 0; level += 1) {
    const above: Uint8Array[] = [];
    for (let at = 0; at < hashes.length; at += TILE_ENTRIES) {
      const part = hashes.slice(at, at + TILE_ENTRIES);
      yield { path: tilePath(`tile/${level}`, tilesOf(at), part.length), bytes: Buffer.concat(part) };
      if (part.length === TILE_ENTRIES) above.push(rangeOfTiles(part).root());
    }
    hashes = above;
  }
}

function bundle(leaves: readonly Buffer[], lengthBytes: number): Buffer {
  return Buffer.concat(
    leaves.flatMap((leaf) => {
      const length = Buffer.alloc(lengthBytes);
      length.writeUIntBE(leaf.length, 0, lengthBytes);
      return [length, leaf];
    }),
  );
}
