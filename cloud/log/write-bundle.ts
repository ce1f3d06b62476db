import { hash, type KeyObject } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LogLeaf } from '../../proto/codec/transfer-codec.ts';
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
  readonly logs: readonly {
    readonly name: string;
    readonly origin: string;
    readonly publicKey: KeyObject;
    readonly log: ReadLog;
  }[];
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
 * Faults: LOG_EXISTS (`out` is not empty), LOG_UNAVAILABLE. @throws Error for a log that is damaged
 */
export function writeBundle(request: BundleRequest): Result<readonly BundledLog[], LogFault> {
  const { out } = request;
  return attempt(out, () => {
    mkdirSync(out, { recursive: true });
    if (readdirSync(out).length > 0) return fail(logExists(out));
    const sums: string[] = [];
    const put = (path: string, bytes: Uint8Array): void => {
      const file = join(out, path);
      mkdirSync(dirname(file), { recursive: true });
      writeDurably(file, bytes);
      sums.push(`${hash('sha256', bytes)}  ${path}`);
    };
    const bundled = request.logs.map((one) => putLog(one, request, put));
    writeDurably(join(out, CHECKSUM_FILE), Buffer.from(`${sums.toSorted(byPath).join('\n')}\n`));
    return ok(bundled);
  });
}

const byPath = (a: string, b: string): number => (a.slice(66) < b.slice(66) ? -1 : 1);

/** Hands out the files of one log, each with its path in the bundle. @throws Error for a log that is damaged */
export function putLog(
  { name, origin, publicKey, log }: BundleRequest['logs'][number],
  times: Pick<BundleRequest, 'from' | 'to'>,
  put: (path: string, bytes: Uint8Array) => void,
): BundledLog {
  const stretch = stretchOf(log, times);
  put(`${name}/checkpoint`, Buffer.from(log.note));
  put(`keys/${name}.vkey`, Buffer.from(`${verifierKey(origin, publicKey)}\n`));
  put(`keys/${name}.pem`, Buffer.from(publicKey.export({ type: 'spki', format: 'pem' })));
  const tiles = stretch && { first: tilesOf(stretch.first), last: tilesOf(stretch.last) };
  for (const { path, bytes } of tileFiles(log, tiles)) put(`${name}/${path}`, bytes);
  if (stretch !== undefined) putLines(log, { name, ...stretch }, put);
  const { size, rootHash } = log.head;
  const root = Buffer.from(rootHash).toString('hex');
  return { name, size, root, first: stretch?.first ?? 0, end: stretch === undefined ? 0 : stretch.last + 1 };
}

/** Indexes of the first and the last entry within the times; undefined where there is none. */
export function stretchOf(
  log: ReadLog,
  { from, to }: Pick<BundleRequest, 'from' | 'to'>,
): { readonly first: number; readonly last: number } | undefined {
  let stretch: { readonly first: number; readonly last: number } | undefined;
  for (const { index, leaf } of log.entries()) {
    const isIn = (from === undefined || leaf.recordedAtMs >= from) && (to === undefined || leaf.recordedAtMs < to);
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
