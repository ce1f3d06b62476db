import type { LogLeaf } from '../../proto/codec/transfer-codec.ts';
import type { Instant } from '../../proto/words/time.ts';
import { readLeaf } from './leaf.ts';
import { TILE_ENTRIES } from './merkle.ts';
import type { ReadLog } from './read-log.ts';

/** What entries are looked for by; what is left out narrows nothing. Times are when an entry was recorded, both included. */
export interface EntryQuery {
  readonly kind?: string | undefined;
  readonly transferId?: string | undefined;
  readonly actor?: string | undefined;
  readonly from?: Instant | undefined;
  readonly to?: Instant | undefined;
}

export interface FoundEntry {
  readonly index: number;
  readonly leaf: LogLeaf;
}

export interface FoundEntries {
  readonly entries: readonly FoundEntry[];
  /** Where to go on looking; absent once there is nothing left to look at. */
  readonly next?: number;
}

/** Tiles that are looked through for one answer: what is rare is found in several. */
const TILES_MAX = 24;

/**
 * Newest entries first, below an index. Each tile is held against its signed root before anything of it is given.
 *
 * @param before - index of the entry that the last answer ended at; the size of the log to begin with
 * @throws Error for a damaged file
 */
export function findNewest(log: ReadLog, query: EntryQuery, before: number, limit: number): FoundEntries {
  const end = Math.min(before, log.head.size, query.to === undefined ? log.head.size : firstAfter(log, query.to));
  const entries: FoundEntry[] = [];
  let index = end - 1;
  const lowest = Math.max(0, tileOf(index) - TILES_MAX + 1) * TILE_ENTRIES;
  for (let tile = tileOf(index); index >= lowest; tile -= 1) {
    const leaves = log.leavesOf(tile);
    for (; index >= Math.max(lowest, tile * TILE_ENTRIES); index -= 1) {
      const leaf = read(leaves[index % TILE_ENTRIES]);
      if (leaf === undefined) continue;
      // Entries are recorded in order: what is older than this is further down.
      if (query.from !== undefined && leaf.recordedAtMs < query.from) return { entries };
      if (fits(leaf, query)) entries.push({ index, leaf });
      if (entries.length === limit) return index > 0 ? { entries, next: index } : { entries };
    }
  }
  return index >= 0 ? { entries, next: index + 1 } : { entries };
}

/** Entries of one transfer from an instant on, oldest first. `next`: as of which index they were not looked through. */
export function findOfTransfer(log: ReadLog, transferId: string, from: Instant, limit: number): FoundEntries {
  const entries: FoundEntry[] = [];
  const start = firstAfter(log, (from - 1) as Instant);
  const last = Math.min(tileOf(start) + TILES_MAX, tileOf(log.head.size - 1));
  for (let tile = tileOf(start); tile <= last; tile += 1) {
    for (const [at, bytes] of log.leavesOf(tile).entries()) {
      const index = tile * TILE_ENTRIES + at;
      const leaf = index < start ? undefined : read(bytes);
      if (leaf?.transferId !== transferId) continue;
      entries.push({ index, leaf });
      if (entries.length === limit) return { entries, next: index + 1 };
    }
  }
  const next = (last + 1) * TILE_ENTRIES;
  return next < log.head.size ? { entries, next } : { entries };
}

/** Index of the first entry that was recorded after an instant: by halves over tiles, then within one. */
function firstAfter(log: ReadLog, at: Instant): number {
  const recordedAt = (tile: number): number => read(log.leavesOf(tile)[0])?.recordedAtMs ?? 0;
  let low = 0;
  let high = tileOf(log.head.size - 1) + 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (recordedAt(middle) <= at) low = middle + 1;
    else high = middle;
  }
  const tile = Math.max(0, low - 1);
  const leaves = log.leavesOf(tile);
  const within = leaves.findIndex((bytes) => (read(bytes)?.recordedAtMs ?? 0) > at);
  return tile * TILE_ENTRIES + (within < 0 ? leaves.length : within);
}

function fits(leaf: LogLeaf, { kind, transferId, actor, to }: EntryQuery): boolean {
  if (to !== undefined && leaf.recordedAtMs > to) return false;
  return (
    (kind === undefined || leaf.kind === kind) &&
    (transferId === undefined || leaf.transferId === transferId) &&
    (actor === undefined || leaf.actor === actor)
  );
}

const tileOf = (index: number): number => Math.floor(index / TILE_ENTRIES);
const read = (bytes: Buffer | undefined): LogLeaf | undefined => (bytes === undefined ? undefined : readLeaf(bytes));
