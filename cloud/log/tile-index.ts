import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { derivedFile } from './derived-file.ts';
import { FILE_MODE } from './durable-file.ts';
import { HASH_BYTES, TILE_ENTRIES } from './merkle.ts';

/**
 * `entries.index`: for each full tile of 256 entries, where it ends in `entries.log` (8 bytes, big-endian) and its root (32
 * bytes). With it a log opens without hashing what fills whole tiles. It is derived from the entries and believed only as far as its
 * roots give the signed one: what is missing, torn or changed here costs time and is made again.
 */
export const INDEX_FILE = 'entries.index';

const OFFSET_BYTES = 8;
const RECORD_BYTES = OFFSET_BYTES + HASH_BYTES;

/** A tile that is full. */
export interface TileRecord {
  /** Bytes from the start of `entries.log` to the end of its last entry. */
  readonly end: number;
  /** RFC 9162 hash over its 256 leaves. */
  readonly root: Uint8Array;
}

/** A record with a root of its own: hashes lie in buffers that others share, and one would keep those in memory. */
export function tileRecord(end: number, root: Uint8Array): TileRecord {
  return { end, root: Uint8Array.from(root) };
}

/** Full tiles of an open log, in memory (40 bytes a tile of 256 entries) and in the file. */
export interface TileIndex {
  readonly count: () => number;
  /** Offset at which the entries of a tile begin; that of the first tile not full is where the full ones end. */
  readonly startOf: (tile: number) => number;
  /** Undefined for a tile that is not full. */
  readonly rootOf: (tile: number) => Uint8Array | undefined;
  /** Takes the next full tiles. Never fails: a file that cannot be written is left as it is, and made again at some opening. */
  readonly add: (tiles: readonly TileRecord[]) => void;
  readonly close: () => void;
}

/**
 * An index over tiles that are known to be good.
 *
 * @param directory - where its file is kept, made to hold exactly these tiles; without it the index lives in memory only
 */
export function createTileIndex(known: readonly TileRecord[], directory?: string): TileIndex {
  const tiles = [...known];
  const path = directory === undefined ? undefined : join(directory, INDEX_FILE);
  const file = path === undefined ? undefined : derivedFile(path, { settle: () => settleFile(path, known) });
  return {
    count: () => tiles.length,
    startOf: (tile) => (tile === 0 ? 0 : (tiles[tile - 1]?.end ?? 0)),
    rootOf: (tile) => tiles[tile]?.root,
    add: (more) => {
      for (const one of more) tiles.push(one);
      file?.append(encodeRecords(more));
    },
    close: () => file?.close(),
  };
}

function settleFile(path: string, tiles: readonly TileRecord[]): void {
  const wanted = encodeRecords(tiles);
  if (!readIfThere(path).equals(wanted)) writeFileSync(path, wanted, { mode: FILE_MODE });
}

/** The records on disk, at most `tilesMax`; none where there is no file. Nothing of them is believed yet. */
export function readTileRecords(directory: string, tilesMax: number): readonly TileRecord[] {
  const bytes = readIfThere(join(directory, INDEX_FILE));
  const count = Math.min(tilesMax, Math.floor(bytes.length / RECORD_BYTES));
  const records: TileRecord[] = [];
  let last = 0;
  for (let at = 0; at < count; at += 1) {
    const record = bytes.subarray(at * RECORD_BYTES, (at + 1) * RECORD_BYTES);
    const end = Number(record.readBigUInt64BE());
    if (!Number.isSafeInteger(end) || end <= last) break;
    records.push({ end, root: record.subarray(OFFSET_BYTES) });
    last = end;
  }
  return records;
}

/** Tiles that leaves fill one after the other. */
export const tilesOf = (size: number): number => Math.floor(size / TILE_ENTRIES);

function encodeRecords(tiles: readonly TileRecord[]): Buffer {
  const bytes = Buffer.alloc(tiles.length * RECORD_BYTES);
  for (const [at, { end, root }] of tiles.entries()) {
    bytes.writeBigUInt64BE(BigInt(end), at * RECORD_BYTES);
    bytes.set(root, at * RECORD_BYTES + OFFSET_BYTES);
  }
  return bytes;
}

function readIfThere(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}
