import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type FileName, RECEIPT_NAME, type TransferId } from '../names.ts';

/** One transfer of one exporter: two exporters cannot touch each other's files. */
export interface TransferKey {
  readonly exporterId: string;
  readonly id: TransferId;
}

/**
 * Where things lie under the data directory:
 * `parts/<n>` a file on its way in · `staging/<exporter>/<transfer>/` files that arrived whole · `received/<transfer>/` the
 * parcel and `receipt.bin`, all of it or nothing. One file system, so that moving on is a rename.
 */
export interface Layout {
  readonly parts: string;
  readonly received: string;
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
  return {
    parts: join(dataDirectory, 'parts'),
    received,
    stagingOf: (exporterId) => join(staging, exporterId),
    stagedTransfer,
    stagedFile: (key, name) => join(stagedTransfer(key), name),
    receivedTransfer: (id) => join(received, id),
    receipt: (id) => join(received, id, RECEIPT_NAME),
  };
}

/**
 * Makes the directories, and removes parts that a killed receiver left: they are of no use to anybody.
 *
 * @returns how many parcels have been received so far
 * @throws the system error
 */
export async function prepareLayout(layout: Layout, exporterIds: readonly string[]): Promise<number> {
  await rm(layout.parts, { recursive: true, force: true });
  for (const directory of [layout.parts, layout.received, ...exporterIds.map(layout.stagingOf)]) {
    await mkdir(directory, { recursive: true, mode: 0o750 });
  }
  return (await readdir(layout.received)).length;
}
