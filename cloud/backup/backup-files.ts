import { createHash } from 'node:crypto';
import { closeSync, copyFileSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ZONES, type Zone } from '../../proto/words/data-class.ts';
import { writeDurably } from '../adapters/durable-files.ts';

/** Where a cloud keeps what a backup holds; absolute. */
export interface CloudPlaces {
  readonly stores: string;
  readonly vaults: string;
  readonly keys: string;
  readonly log: string;
}

/**
 * The stores in the order in which they are copied. The ledger is first: what it says is stored must be in the zones, which
 * are copied later and can only hold more. Publications come after the transfers that they were written down for, or more could
 * be given out than is known. The device register comes after the zones: whose records they hold it must know. Other registers
 * come before the log, of which they are a view, and before the documents they name.
 */
export const STORE_FILES = [
  'ledger.sqlite',
  'transfers.sqlite',
  'persons.sqlite',
  'consents.sqlite',
  'updates.sqlite',
  'parts.sqlite',
  'publications.sqlite',
  ...ZONES.map((zone) => `zone-${zone}.sqlite` as const),
  'zone-geographic-counts.sqlite',
  'policies.sqlite',
  'devices.sqlite',
  'registers.sqlite',
  'deletions.sqlite',
  'accounts.sqlite',
] as const;

/** Stores that are there only where something was configured; the last thing that is copied. */
export const OPTIONAL_STORE_FILES = ['forward.sqlite'] as const;

/**
 * Directories that are copied file by file, and the names of what is whole in them: documents on file within the stores by their
 * hashes, imports within the stores, operator's files beside the logs by theirs, and checkpoints that witnesses cosigned. What is under way has another name.
 */
export const FILE_DIRECTORIES = [
  { of: 'stores', name: 'documents', whole: /^[0-9a-f]{64}$/ },
  { of: 'stores', name: 'file-parcels', whole: /^[a-z0-9][a-z0-9-]{0,63}\/(content\.tar|record\.json)$/ },
  { of: 'log', name: 'rules', whole: /^[0-9a-f]{64}\.yaml$/ },
  { of: 'log', name: 'witness', whole: /^(operations|alerts|traffic)-[0-9a-f]{8}\.checkpoint$/ },
] as const;

export const LOG_NAMES = ['operations', 'alerts'] as const;

export const sealedVault = (zone: Zone): string => `vault-${zone}.sealed`;

const MODE = 0o600;
const CHUNK_BYTES = 1_048_576;

export function isEmptyOrAbsent(directory: string): boolean {
  return !existsSync(directory) || readdirSync(directory).length === 0;
}

/** Writes a file that is not there yet, durably. */
export function writeNew(file: string, bytes: Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeDurably(file, [bytes], { flags: 'wx', mode: MODE });
}

/** Copies a file to where none is, durably. */
export function copyNew(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  copyFileSync(from, to, 1);
  const fd = openSync(to, 'r');
  fsyncSync(fd);
  closeSync(fd);
}

/** Copies what is whole in a backup's directories. @param from - and `to`: of the stores and of the logs */
export function copyDirectories(from: CopiedPlaces, to: CopiedPlaces): void {
  for (const { of, name, whole } of FILE_DIRECTORIES)
    for (const file of filesBelow(join(from[of], name)))
      if (whole.test(file)) copyNew(join(from[of], name, file), join(to[of], name, file));
}

type CopiedPlaces = Pick<CloudPlaces, 'stores' | 'log'>;

export function digestFile(file: string): { readonly bytes: number; readonly sha256: string } {
  const fd = openSync(file, 'r');
  try {
    const hash = createHash('sha256');
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    let bytes = 0;
    for (let read = readSync(fd, chunk); read > 0; read = readSync(fd, chunk)) {
      hash.update(chunk.subarray(0, read));
      bytes += read;
    }
    return { bytes, sha256: hash.digest('hex') };
  } finally {
    closeSync(fd);
  }
}

/** Names of all files below a directory, sorted; none where there is no directory. */
export function filesBelow(directory: string): readonly string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();
}
