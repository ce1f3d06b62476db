import type { LogLeaf } from '../../proto/codec/transfer-codec.ts';
import type { Instant } from '../../proto/words/time.ts';
import { type LeafFields, leafFields, readLeaf } from './leaf.ts';
import { TILE_ENTRIES } from './merkle.ts';
import type { ReadLog } from './read-log.ts';
import { type Term, termOf } from './tile-terms.ts';

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

/** Tiles that are read for one answer: what their terms do not narrow down is found in several. */
const TILES_MAX = 12;

/**
 * Newest entries first, below an index. Tiles without such an entry are passed over; each other is held against its signed root before
 * anything of it is given.
 *
 * @param before - index of the entry that the last answer ended at; the size of the log to begin with
 * @throws Error for a damaged file
 */
export function findNewest(log: ReadLog, query: EntryQuery, before: number, limit: number): FoundEntries {
  const end = Math.min(before, log.head.size, query.to === undefined ? log.head.size : firstAfter(log, query.to));
  const [terms, fits] = [termsOf(query), fitting(query)];
  const entries: FoundEntry[] = [];
  let left = TILES_MAX;
  for (let tile = tileOf(end - 1); tile >= 0; tile -= 1) {
    if (!mayHave(log, tile, terms)) continue;
    if (left === 0) return { entries, next: (tile + 1) * TILE_ENTRIES };
    left -= 1;
    const leaves = log.leavesOf(tile);
    for (let index = Math.min(end, (tile + 1) * TILE_ENTRIES) - 1; index >= tile * TILE_ENTRIES; index -= 1) {
      const bytes = leaves[index % TILE_ENTRIES];
      if (bytes === undefined) continue;
      const fields = leafFields(bytes);
      // Entries are recorded in order: what is older than this is further down.
      if (query.from !== undefined && fields.recordedAtMs < query.from) return { entries };
      const leaf = fits(fields) ? readLeaf(bytes) : undefined;
      if (leaf !== undefined) entries.push({ index, leaf });
      if (entries.length === limit) return index > 0 ? { entries, next: index } : { entries };
    }
  }
  return { entries };
}

/** Entries of one transfer from an instant on, oldest first. `next`: as of which index they were not looked through. */
export function findOfTransfer(log: ReadLog, transferId: string, from: Instant, limit: number): FoundEntries {
  const entries: FoundEntry[] = [];
  const query = { transferId };
  const [terms, fits] = [termsOf(query), fitting(query)];
  // Where terms tell which tiles have it, nothing is read to find where to begin.
  const isKnown = log.terms.count() >= tileOf(log.head.size);
  const start = isKnown ? 0 : firstAfter(log, (from - 1) as Instant);
  let left = TILES_MAX;
  for (let tile = tileOf(start); tile * TILE_ENTRIES < log.head.size; tile += 1) {
    if (!mayHave(log, tile, terms)) continue;
    if (left === 0) return { entries, next: tile * TILE_ENTRIES };
    left -= 1;
    for (const [at, bytes] of log.leavesOf(tile).entries()) {
      const index = tile * TILE_ENTRIES + at;
      const fields = leafFields(bytes);
      const leaf = fields.recordedAtMs >= from && fits(fields) ? readLeaf(bytes) : undefined;
      if (leaf === undefined) continue;
      entries.push({ index, leaf });
      if (entries.length === limit) return { entries, next: index + 1 };
    }
  }
  return { entries };
}

/** Index of the first entry that was recorded after an instant: by halves over tiles, then within one. */
function firstAfter(log: ReadLog, at: Instant): number {
  let low = 0;
  let high = tileOf(log.head.size - 1) + 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (log.firstIn(middle) <= at) low = middle + 1;
    else high = middle;
  }
  const tile = Math.max(0, low - 1);
  const leaves = log.leavesOf(tile);
  const within = leaves.findIndex((bytes) => leafFields(bytes).recordedAtMs > at);
  return tile * TILE_ENTRIES + (within < 0 ? leaves.length : within);
}

const FIELDS = ['kind', 'transferId', 'actor'] as const;

const termsOf = (query: EntryQuery): readonly Term[] =>
  FIELDS.flatMap((field) => (query[field] === undefined ? [] : [termOf(field, query[field])]));

const mayHave = ({ terms }: ReadLog, tile: number, wanted: readonly Term[]): boolean =>
  wanted.every((term) => terms.mayHave(tile, term));

/** Whether an entry is asked for, by its bytes: a leaf that is not is never decoded. */
function fitting(query: EntryQuery): (fields: LeafFields) => boolean {
  const wanted = FIELDS.flatMap((field) =>
    query[field] === undefined ? [] : [{ field, text: Buffer.from(query[field]) }],
  );
  const { to = Number.POSITIVE_INFINITY } = query;
  return (fields) => fields.recordedAtMs <= to && wanted.every(({ field, text }) => text.equals(fields[field]));
}

const tileOf = (index: number): number => Math.floor(index / TILE_ENTRIES);
