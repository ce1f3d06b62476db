import { createPublicKey, hash, type KeyObject } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LogLeaf } from '../../proto/codec/transfer-codec.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { openCheckpoint } from './checkpoint.ts';
import { attempt, type LogFault, logCorrupt, logMissing } from './faults.ts';
import { readLeaf } from './leaf.ts';
import { HASH_BYTES, leafHash, rangeOfTiles, rootOf, TILE_ENTRIES } from './merkle.ts';
import { verifierKey } from './signed-note.ts';
import { tilePath } from './tile-files.ts';
import { tilesOf } from './tile-index.ts';
import { type BundledLog, CHECKSUM_FILE, entryLine } from './write-bundle.ts';

/** A log of a bundle that holds, with the key it holds under: compare that with one that came another way. */
export interface VerifiedBundledLog extends BundledLog {
  readonly verifierKey: string;
}

/** Where an inspection bundle has its logs; `log bundle` writes them to its root. */
const LOGS_BELOW = 'logs';

/**
 * Checks a bundle from what it holds alone, offline: every checksum, every signature, every entry under its tile and every tile under
 * the head, and that the lines for people say what the entries say.
 *
 * Faults: LOG_MISSING (no bundle), LOG_CORRUPT, LOG_UNAVAILABLE.
 */
export function verifyBundle(bundle: string): Result<readonly VerifiedBundledLog[], LogFault> {
  return attempt(bundle, () => {
    const logs = existsSync(join(bundle, LOGS_BELOW, 'keys')) ? join(bundle, LOGS_BELOW) : bundle;
    if (!existsSync(join(logs, 'keys')) || !existsSync(join(bundle, CHECKSUM_FILE))) return fail(logMissing(bundle));
    const changed = changedFile(bundle);
    if (changed !== undefined) return fail(logCorrupt(join(bundle, changed), 'checksum-differs'));
    const names = readdirSync(join(logs, 'keys')).filter((name) => name.endsWith('.vkey'));
    const verified: VerifiedBundledLog[] = [];
    for (const file of names.toSorted()) {
      const log = verifyLogOf(logs, file.slice(0, -'.vkey'.length));
      if (!log.ok) return log;
      verified.push(log.value);
    }
    return verified.length === 0 ? fail(logMissing(bundle)) : ok(verified);
  });
}

/** The first file that is not as its checksum says, or that none covers. */
function changedFile(bundle: string): string | undefined {
  const sums = new Map<string, string>();
  for (const line of readFileSync(join(bundle, CHECKSUM_FILE), 'utf8').split('\n'))
    if (line !== '') sums.set(line.slice(66), line.slice(0, 64));
  const files = readdirSync(bundle, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(bundle, '/').length));
  const covered = files.filter((path) => path !== CHECKSUM_FILE);
  const lost = [...sums.keys()].find((path) => !covered.includes(path));
  const isAsWritten = (path: string): boolean => hash('sha256', readFileSync(join(bundle, path))) === sums.get(path);
  return lost ?? covered.find((path) => !isAsWritten(path));
}

interface Tiles {
  readonly directory: string;
  readonly size: number;
  /** Roots of the full tiles, from level 1. */
  readonly roots: readonly Uint8Array[];
}

function verifyLogOf(logs: string, name: string): Result<VerifiedBundledLog, LogFault> {
  const directory = join(logs, name);
  const corrupt = (damage: Parameters<typeof logCorrupt>[1], at?: number) => fail(logCorrupt(directory, damage, at));
  const key = keyOf(logs, name);
  if (key === undefined) return corrupt('checkpoint-signature');
  const head = openCheckpoint(readFileSync(join(directory, 'checkpoint')), key);
  if (!head.ok) return corrupt(head.fault);
  const { size, rootHash } = head.value;
  if (!areUpperTiles(directory, size)) return corrupt('root-differs');
  const tiles = { directory, size, roots: hashesOf(directory, 1, tilesOf(size)) };
  const rest = size % TILE_ENTRIES;
  const range = rangeOfTiles(tiles.roots);
  for (const leaf of rest === 0 ? [] : hashesIn(directory, 0, tilesOf(size), rest)) range.push(leaf);
  if (range.size() !== size || Buffer.compare(range.root(), rootHash) !== 0) return corrupt('root-differs');
  const stretch = verifyEntries(tiles);
  if (typeof stretch === 'number') return corrupt('tile-differs', stretch);
  const lines = verifyLines(directory, stretch.leaves);
  if (lines === undefined) return corrupt('lines-differ');
  const root = Buffer.from(rootHash).toString('hex');
  return ok({ name, size, root, ...lines, verifierKey: key.text });
}

/** Origin and key as both files of the bundle say; undefined where they do not say the same. */
function keyOf(
  logs: string,
  name: string,
): { readonly origin: string; readonly publicKey: KeyObject; readonly text: string } | undefined {
  const text = readFileSync(join(logs, 'keys', `${name}.vkey`), 'utf8').trim();
  const publicKey = createPublicKey(readFileSync(join(logs, 'keys', `${name}.pem`)));
  const origin = text.split('+')[0] ?? '';
  return verifierKey(origin, publicKey) === text ? { origin, publicKey, text } : undefined;
}

/** All hashes of a level, however many tiles they fill. */
function hashesOf(directory: string, level: number, count: number): readonly Uint8Array[] {
  const hashes: Uint8Array[] = [];
  for (let at = 0; at < count; at += TILE_ENTRIES) {
    const width = Math.min(TILE_ENTRIES, count - at);
    for (const one of hashesIn(directory, level, at / TILE_ENTRIES, width)) hashes.push(one);
  }
  return hashes;
}

/** Whether each level from the second up holds the roots of the one below it. */
function areUpperTiles(directory: string, size: number): boolean {
  let below = hashesOf(directory, 1, tilesOf(size));
  for (let level = 2; tilesOf(below.length) > 0; level += 1) {
    const count = tilesOf(below.length);
    const roots = Array.from({ length: count }, (_, at) =>
      rangeOfTiles(below.slice(at * TILE_ENTRIES, (at + 1) * TILE_ENTRIES)).root(),
    );
    below = hashesOf(directory, level, count);
    if (!isSame(below, roots)) return false;
  }
  return true;
}

function hashesIn(directory: string, level: number, tile: number, width: number): readonly Uint8Array[] {
  const bytes = readFileSync(join(directory, tilePath(`tile/${level}`, tile, width)));
  return Array.from({ length: bytes.length / HASH_BYTES }, (_, at) =>
    bytes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES),
  );
}

/** Leaves of the tiles that are there, by index, each tile under its root; or the first entry of a tile that is not. */
function verifyEntries({ directory, size, roots }: Tiles): { readonly leaves: ReadonlyMap<number, LogLeaf> } | number {
  const leaves = new Map<number, LogLeaf>();
  for (let tile = 0; tile * TILE_ENTRIES < size; tile += 1) {
    const first = tile * TILE_ENTRIES;
    const width = Math.min(TILE_ENTRIES, size - first);
    const file = join(directory, tilePath('tile/entries32', tile, width));
    if (!existsSync(file)) continue;
    const entries = unbundled(readFileSync(file), 4);
    const hashes = entries?.map(leafHash);
    const own = hashesIn(directory, 0, tile, width);
    const isUnderRoot = width < TILE_ENTRIES || isSame([rootOf(own)], [roots[tile] ?? new Uint8Array()]);
    if (entries === undefined || hashes === undefined || !isSame(hashes, own) || !isUnderRoot) return first;
    const short = join(directory, tilePath('tile/entries', tile, width));
    if (existsSync(short) && !isSame(unbundled(readFileSync(short), 2) ?? [], entries)) return first;
    for (const [at, bytes] of entries.entries()) {
      const leaf = readLeaf(bytes);
      if (leaf === undefined) return first + at;
      leaves.set(first + at, leaf);
    }
  }
  return { leaves };
}

function isSame(some: readonly Uint8Array[], others: readonly Uint8Array[]): boolean {
  return some.length === others.length && some.every((one, at) => Buffer.compare(one, others[at] ?? Buffer.of()) === 0);
}

function unbundled(bytes: Buffer, lengthBytes: number): readonly Buffer[] | undefined {
  const entries: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + lengthBytes > bytes.length) return undefined;
    const end = at + lengthBytes + bytes.readUIntBE(at, lengthBytes);
    if (end > bytes.length) return undefined;
    entries.push(bytes.subarray(at + lengthBytes, end));
    at = end;
  }
  return entries;
}

/** The stretch that lines for people tell, if each line is what its entry says and none is missing in between. */
function verifyLines(
  directory: string,
  leaves: ReadonlyMap<number, LogLeaf>,
): { readonly first: number; readonly end: number } | undefined {
  const names = readdirSync(directory).flatMap((name) => /^entries-(\d+)\.ndjson$/.exec(name)?.[1] ?? []);
  let first: number | undefined;
  let end = 0;
  for (const start of names.map(Number).toSorted((a, b) => a - b)) {
    if (first !== undefined && start !== end) return undefined;
    first ??= start;
    end = start;
    const text = readFileSync(join(directory, `entries-${start}.ndjson`), 'utf8');
    for (const line of text.slice(0, -1).split('\n')) {
      const leaf = leaves.get(end);
      if (leaf === undefined || line !== entryLine(end, leaf)) return undefined;
      end += 1;
    }
  }
  return { first: first ?? 0, end };
}
