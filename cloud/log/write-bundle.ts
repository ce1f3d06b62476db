import { hash, type KeyObject } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LogLeaf } from '../../proto/codec/transfer-codec.ts';
import { makeDirectory } from '../../proto/config/make-directory.ts';
import { assert, fail, ok, type Result } from '../../proto/words/result.ts';
import { type Instant, toIso } from '../../proto/words/time.ts';
import { writeDurably } from './durable-file.ts';
import { attempt, type LogFault, logExists } from './faults.ts';
import type { ReadLog } from './read-log.ts';
import { verifierKey } from './signed-note.ts';
import { tileFiles } from './tile-files.ts';
import { tilesOf } from './tile-index.ts';

/** Entries of a stretch with all it takes to check them; docs/logs.md has its layout. */
export const CHECKSUM_FILE = 'SHA256SUMS';

export interface BundleRequest {
  /** An empty or absent directory. */
  readonly out: string;
  /** Entries recorded at or after `from` and before `to`; either may be absent. */
  readonly from?: Instant;
  readonly to?: Instant;
  /** What all files may come to; more is no bundle. */
  readonly bytesMax?: number;
  /** Told now and then of the share that is written, 0 to 1. */
  readonly noted?: NoteShare;
  readonly logs: readonly {
    readonly name: string;
    readonly origin: string;
    readonly publicKey: KeyObject;
    readonly log: ReadLog;
  }[];
}

type NoteShare = (share: number) => void;

export interface WrittenBundle {
  readonly logs: readonly BundledLog[];
  /** How many, with the checksums. */
  readonly files: number;
}

export interface BundledLog {
  readonly name: string;
  readonly size: number;
  readonly root: string;
  /** Entries of the stretch, by index: `first` up to and without `end`. */
  readonly first: number;
  readonly end: number;
}

/**
 * Writes a bundle. The stretch of each log is from the first to the last entry within the times, so an entry whose clock stood
 * wrong in between is in it; tiles are whole, so up to 255 entries on either side are too.
 *
 * Faults: LOG_EXISTS (`out` is not empty), LOG_UNAVAILABLE. @throws Error for a log that is damaged, or more than `bytesMax`
 */
export function writeBundle(request: BundleRequest): Result<WrittenBundle, LogFault> {
  const { out, bytesMax = Number.POSITIVE_INFINITY, noted = () => undefined } = request;
  return attempt(out, () => {
    makeDirectory(out);
    if (readdirSync(out).length > 0) return fail(logExists(out));
    const sums: string[] = [];
    let size = 0;
    const put = (path: string, bytes: Uint8Array): void => {
      size += bytes.length;
      if (size > bytesMax) throw new Error(`it would have more than ${bytesMax} bytes; name a shorter time`);
      const file = join(out, path);
      mkdirSync(dirname(file), { recursive: true });
      writeDurably(file, bytes);
      sums.push(`${hash('sha256', bytes)}  ${path}`);
    };
    const ofAll = request.logs.length;
    const logs = request.logs.map((one, at) => putLog(one, request, put, (share) => noted((at + share) / ofAll)));
    writeDurably(join(out, CHECKSUM_FILE), Buffer.from(`${sums.toSorted(byPath).join('\n')}\n`));
    return ok({ logs, files: sums.length + 1 });
  });
}

const byPath = (a: string, b: string): number => (a.slice(66) < b.slice(66) ? -1 : 1);

/** Hands out the files of one log, each with its path in the bundle. @throws Error for a log that is damaged */
export function putLog(
  { name, origin, publicKey, log }: BundleRequest['logs'][number],
  times: Pick<BundleRequest, 'from' | 'to'>,
  put: (path: string, bytes: Uint8Array) => void,
  noted: NoteShare = () => undefined,
): BundledLog {
  const stretch = stretchOf(log, times, (share) => noted(share * FOUND_SHARE));
  put(`${name}/checkpoint`, Buffer.from(log.note));
  put(`keys/${name}.vkey`, Buffer.from(`${verifierKey(origin, publicKey)}\n`));
  put(`keys/${name}.pem`, Buffer.from(publicKey.export({ type: 'spki', format: 'pem' })));
  const tiles = stretch && { first: tilesOf(stretch.first), last: tilesOf(stretch.last) };
  for (const { path, bytes } of tileFiles(log, tiles)) put(`${name}/${path}`, bytes);
  noted(TILES_SHARE);
  if (stretch !== undefined) putLines(log, { name, ...stretch }, put);
  const { size, rootHash } = log.head;
  const root = Buffer.from(rootHash).toString('hex');
  return { name, size, root, first: stretch?.first ?? 0, end: stretch === undefined ? 0 : stretch.last + 1 };
}

/** Once the stretch is found, and once its tiles are written; lines are the rest. */
const FOUND_SHARE = 0.4;
const TILES_SHARE = 0.7;
/** Entries between two words of how far it is. */
const NOTED_EVERY = 4_096;

/** Indexes of the first and the last entry within the times; undefined where there is none. */
export function stretchOf(
  log: ReadLog,
  { from, to }: Pick<BundleRequest, 'from' | 'to'>,
  noted: NoteShare = () => undefined,
): { readonly first: number; readonly last: number } | undefined {
  let stretch: { readonly first: number; readonly last: number } | undefined;
  for (const { index, leaf } of log.entries()) {
    const isIn = (from === undefined || leaf.recordedAtMs >= from) && (to === undefined || leaf.recordedAtMs < to);
    if (index % NOTED_EVERY === 0) noted(index / log.head.size);
    if (isIn) stretch = { first: stretch?.first ?? index, last: index };
  }
  return stretch;
}

/** Lines of one file for people and programs that do not read the leaves themselves; the leaves are the proof. */
const LINES_PER_FILE_MAX = 65_536;

function putLines(
  log: ReadLog,
  { name, first, last }: { readonly name: string; readonly first: number; readonly last: number },
  put: (path: string, bytes: Uint8Array) => void,
): void {
  let lines: string[] = [];
  let start = first;
  const flush = (next: number): void => {
    if (lines.length > 0) put(`${name}/entries-${start}.ndjson`, Buffer.from(`${lines.join('\n')}\n`));
    lines = [];
    start = next;
  };
  for (const { index, leaf } of log.entries(first)) {
    if (index > last) break;
    lines.push(entryLine(index, leaf));
    if (lines.length === LINES_PER_FILE_MAX) flush(index + 1);
  }
  flush(last + 1);
  assert(lines.length === 0, 'every line is written');
}

/** An entry as one line of JSON. */
export function entryLine(index: number, { kind, transferId, actor, recordedAtMs, document }: LogLeaf): string {
  const parsed: unknown = JSON.parse(Buffer.from(document).toString('utf8'));
  return JSON.stringify({ index, at: toIso(recordedAtMs as Instant), kind, transferId, actor, document: parsed });
}
