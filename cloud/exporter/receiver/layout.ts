import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type FileName, RECEIPT_NAME, type TransferId } from '../names.ts';

/** One transfer of one exporter: two exporters cannot touch each other's files. */
export interface TransferKey {
  readonly exporterId: string;
  readonly id: TransferId;
}

export interface PartName {
  readonly key: TransferKey;
  readonly name: FileName;
  /** Lower-case hex, of the whole file. */
  readonly sha256: string;
}

/**
 * Where things lie under the data directory:
 * `parts/new/<n>` a file on its way in · `parts/kept/<exporter>/<transfer>/` parts of files that are known by their hash ·
 * `staging/<exporter>/<transfer>/` files that arrived whole · `received/<transfer>/` the
 * parcel and `receipt.bin`, all of it or nothing. One file system, so that moving on is a rename.
 */
export interface Layout {
  readonly parts: string;
  readonly received: string;
  readonly keptOf: (exporterId: string) => string;
  readonly partsOf: (key: TransferKey) => string;
  readonly part: (file: PartName) => string;
  /** There once the staged file of that name has been found to have that hash. */
  readonly wholeMark: (file: PartName) => string;
  readonly stagingOf: (exporterId: string) => string;
  readonly stagedTransfer: (key: TransferKey) => string;
  readonly stagedFile: (key: TransferKey, name: FileName) => string;
  readonly receivedTransfer: (id: TransferId) => string;
  readonly receipt: (id: TransferId) => string;
}

export function layoutOf(dataDirectory: string): Layout {
  const staging = join(dataDirectory, 'staging');
  const received = join(dataDirectory, 'received');
  const stagedTransfer = ({ exporterId, id }: TransferKey) => join(staging, exporterId, id);
  const keptOf = (exporterId: string) => join(dataDirectory, 'parts', 'kept', exporterId);
  const partsOf = ({ exporterId, id }: TransferKey) => join(keptOf(exporterId), id);
  return {
    parts: join(dataDirectory, 'parts', 'new'),
    received,
    keptOf,
    partsOf,
    part: ({ key, name, sha256 }) => join(partsOf(key), `${sha256}-${name}`),
    wholeMark: ({ key, name, sha256 }) => join(partsOf(key), `${sha256}+${name}`),
    stagingOf: (exporterId) => join(staging, exporterId),
    stagedTransfer,
    stagedFile: (key, name) => join(stagedTransfer(key), name),
    receivedTransfer: (id) => join(received, id),
    receipt: (id) => join(received, id, RECEIPT_NAME),
  };
}

/** Names in a directory of parts: the hash, a sign, the name of the file. */
export const isMark = (entry: string): boolean => entry[HASH_CHARACTERS] === '+';
export const nameOfPart = (entry: string): string => entry.slice(HASH_CHARACTERS + 1);

const HASH_CHARACTERS = 64;

/**
 * Makes the directories, and removes parts without a hash that a killed receiver left: they are of no use to anybody.
 *
 * @returns how many parcels have been received so far
 * @throws the system error
 */
export async function prepareLayout(layout: Layout, exporterIds: readonly string[]): Promise<number> {
  await rm(layout.parts, { recursive: true, force: true });
  for (const directory of [
    layout.parts,
    layout.received,
    ...exporterIds.flatMap((id) => [layout.stagingOf(id), layout.keptOf(id)]),
  ]) {
    await mkdir(directory, { recursive: true, mode: 0o750 });
  }
  const received = await readdir(layout.received);
  // Of a receiver that was killed right after it had made a parcel visible.
  for (const exporterId of exporterIds) {
    for (const id of await readdir(layout.keptOf(exporterId))) {
      if (received.includes(id)) await rm(join(layout.keptOf(exporterId), id), { recursive: true, force: true });
    }
  }
  return received.length;
}
