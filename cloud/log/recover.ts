import { fstatSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type LogSigner, openCheckpoint, signCheckpoint, type TreeHead } from './checkpoint.ts';
import { readCheckpointFile, replaceCheckpointFile } from './checkpoint-file.ts';
import { rewriteDurably } from './durable-file.ts';
import {
  APPEND_BYTES_MAX,
  cutBack,
  ENTRIES_FILE,
  ENTRIES_PER_APPEND_MAX,
  frameLeaves,
  LENGTH_BYTES,
  walkFrames,
} from './entry-file.ts';
import { type LogFault, logCorrupt } from './faults.ts';
import { readLeaf } from './leaf.ts';
import { loadTree } from './load-tree.ts';
import { type CompactRange, leafHash } from './merkle.ts';
import { tileLeaves } from './reader.ts';
import type { Replay } from './replay.ts';
import { openTerms, type TermIndex } from './terms-file.ts';
import { createTileIndex, type TileIndex, type TileRecord, tileRecord } from './tile-index.ts';
import { type Term, type TermedTile, termsOfLeaf, tileTerms } from './tile-terms.ts';

/** What is durable and acknowledged: the tree, the bytes of `entries.log` it stands on, and the note on disk for it. */
export interface LogState {
  readonly bytes: number;
  readonly range: CompactRange;
  readonly head: TreeHead;
  readonly note: string;
  /** Tiles that its last append filled; not in the index before that append counts. */
  readonly filled: readonly (TileRecord & TermedTile)[];
  /** Terms of the entries behind the last full tile; one that several have may stand here several times. */
  readonly partial: readonly Term[];
}

/** A log on disk that is open for writing. */
export interface LogFiles {
  readonly directory: string;
  /** `entries.log`, from `openForAppend`. */
  readonly fd: number;
  readonly signer: LogSigner;
  readonly index: TileIndex;
  readonly terms: TermIndex;
}

type BareFiles = Omit<LogFiles, 'index' | 'terms'>;

/**
 * Rebuilds the tree and holds it against the signed tree head; `loadTree` says which entries are hashed for it. An entry of a
 * full tile that was changed is not seen here but by whoever reads it, and by `verifyLog`.
 *
 * An append writes its entries first and their tree head after, so a crash can leave at most one append beyond the head.
 * Its whole entries are taken into the tree under a new head; from the first that is not whole and readable on, the
 * file is cut. Nobody was told that any of these were recorded. Everything else is damage, and the log stays shut: a head
 * that does not verify, fewer entries than it says, another root, or more beyond it than one append can hold.
 *
 * @throws the system error of a failed read or write
 */
export function recover(files: BareFiles): Result<LogFiles & { readonly state: LogState }, LogFault> {
  const { directory, fd, signer } = files;
  const note = readCheckpointFile(directory);
  const head = openCheckpoint(note, signer);
  if (!head.ok) return fail(logCorrupt(directory, head.fault));
  const signed = loadTree(directory, fd, head.value);
  if (!signed.ok) return signed;

  const bytesOnDisk = fstatSync(fd).size;
  const { range, bytes, tiles } = signed.value;
  const state = { range, bytes, head: head.value, note: note.toString('utf8'), filled: [], partial: [] };
  if (bytesOnDisk === state.bytes) return ok(indexed(files, state, tiles));

  const tail = bytesOnDisk - state.bytes > APPEND_BYTES_MAX ? undefined : takeTail(fd, signed.value);
  if (tail === undefined) return fail(logCorrupt(directory, 'tail-unexplained'));
  const settled = settleTail(files, state, tail);
  return ok(indexed(files, settled, tail.tiles));
}

/** The log with what it is searched by; tiles whose terms nobody vouches for are read for them, once. */
function indexed(
  files: BareFiles,
  state: LogState,
  tiles: readonly TileRecord[],
): LogFiles & { readonly state: LogState } {
  const { directory, fd, signer } = files;
  const index = createTileIndex(tiles, directory);
  const terms = openTerms(directory, signer, index);
  const termsIn = (tile: number): readonly Term[] =>
    (tileLeaves({ directory, fd, index }, tile, state.head.size) ?? []).flatMap(termsOfLeaf);
  for (let first = terms.count(); first < tiles.length; first = terms.count()) {
    const missing = tiles.slice(first, first + TERMS_AT_ONCE);
    // A tile that was changed gives none, and is looked at by whoever searches.
    terms.add(missing.map(({ root }, at) => ({ root, terms: tileTerms(termsIn(first + at)) })));
  }
  return { ...files, index, terms, state: { ...state, partial: termsIn(tiles.length) } };
}

/** Tiles whose terms are made again under one signature. */
const TERMS_AT_ONCE = 64;

interface Tail extends Replay {
  /** At most `ENTRIES_PER_APPEND_MAX`. */
  readonly leaves: readonly Uint8Array[];
}

/** Whole, readable entries beyond the signed ones; undefined when there are more than one append writes. */
function takeTail(fd: number, signed: Replay): Tail | undefined {
  const range = signed.range.copy();
  const tiles = [...signed.tiles];
  const leaves: Uint8Array[] = [];
  let bytes = signed.bytes;
  for (const frame of walkFrames(fd, signed.bytes)) {
    const leaf = frame.kind === 'whole' ? Buffer.from(frame.leaf) : undefined;
    // Blocks that never reached the disk read as zeros, so a good length proves nothing about what follows it.
    if (leaf === undefined || readLeaf(leaf) === undefined) break;
    if (leaves.length === ENTRIES_PER_APPEND_MAX) return undefined;
    bytes += LENGTH_BYTES + leaf.length;
    const root = range.push(leafHash(leaf));
    if (root !== undefined) tiles.push(tileRecord(bytes, root));
    leaves.push(leaf);
  }
  return { range, bytes, leaves, tiles };
}

function settleTail(files: BareFiles, signed: LogState, tail: Tail): LogState {
  cutBack(files.fd, tail.bytes);
  if (tail.leaves.length === 0) return signed;
  // A process that died may have left them in the system's memory only; they need the disk before they get a head.
  rewriteDurably(join(files.directory, ENTRIES_FILE), frameLeaves(tail.leaves), signed.bytes);
  const head = { size: tail.range.size(), rootHash: tail.range.root() };
  const note = signCheckpoint(head, files.signer);
  replaceCheckpointFile(files.directory, note);
  return { bytes: tail.bytes, range: tail.range, head, note, filled: [], partial: [] };
}
