import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../../proto/words/result.ts';
import { syncDirectory } from '../atomic-file.ts';
import { type ExporterFault, exporterFault } from '../exporter-fault.ts';
import { fileExists } from '../file-exists.ts';
import type { FileName } from '../names.ts';
import { isMark, nameOfPart, type TransferKey } from './layout.ts';
import type { TakeOptions } from './take-file.ts';

// What taking a file comes to, in one request or in several.

export interface Announced {
  readonly key: TransferKey;
  readonly name: FileName;
  /** Of the whole file, as its request says. */
  readonly bytes: number;
}

/** Limits are checked by the announced length, before a byte is read. */
export async function checkRoom(
  file: Announced,
  arriving: number,
  options: TakeOptions,
): Promise<ExporterFault | undefined> {
  const { layout, limits } = options;
  const { exporterId, id } = file.key;
  if (!(await fileExists(layout.stagedTransfer(file.key)))) {
    const begun = new Set([
      ...(await readdir(layout.stagingOf(exporterId))),
      ...(await readdir(layout.keptOf(exporterId))),
    ]);
    begun.delete(id);
    if (begun.size >= limits.stagedTransfersMax) return exporterFault('STAGING_FULL');
  }
  const others = await otherFiles(file, options);
  // The manifest comes on top of the files it names.
  if (others.length > limits.filesMax) return exporterFault('PARCEL_TOO_MANY_FILES', String(others.length));
  let total = file.bytes + arriving;
  for (const path of others) total += (await stat(path)).size;
  return total > limits.parcelBytesMax ? exporterFault('PARCEL_TOO_LARGE', `${total} bytes`) : undefined;
}

/** Staged files and kept parts of the same transfer that are not of this name. */
async function otherFiles({ key, name }: Announced, { layout }: TakeOptions): Promise<readonly string[]> {
  const listed = async (directory: string) => ((await fileExists(directory)) ? readdir(directory) : []);
  const [staging, parts] = [layout.stagedTransfer(key), layout.partsOf(key)];
  const staged = (await listed(staging)).filter((other) => other !== name);
  const kept = (await listed(parts)).filter((other) => !isMark(other) && nameOfPart(other) !== name);
  return [...staged.map((other) => join(staging, other)), ...kept.map((other) => join(parts, other))];
}

/** The last looks and the rename are one step with nothing between them, so that no file slips into a finished parcel. */
export async function moveIn(
  part: string,
  file: Pick<Announced, 'key' | 'name'>,
  options: TakeOptions,
): Promise<Result<undefined, ExporterFault>> {
  const { layout } = options;
  const directory = layout.stagedTransfer(file.key);
  if (options.isCompleting(file.key)) return fail(exporterFault('TRANSFER_BUSY'));
  if (existsSync(layout.receivedTransfer(file.key.id))) return fail(exporterFault('TRANSFER_ALREADY_RECEIVED'));
  mkdirSync(directory, { recursive: true, mode: 0o750 });
  removeMarks(file, layout);
  renameSync(part, layout.stagedFile(file.key, file.name));
  await syncDirectory(directory);
  await syncDirectory(layout.stagingOf(file.key.exporterId));
  return ok(undefined);
}

/** A file that takes the place of another has not been hashed yet, whatever is known of the one before. */
function removeMarks({ key, name }: Pick<Announced, 'key' | 'name'>, layout: TakeOptions['layout']): void {
  const parts = layout.partsOf(key);
  if (!existsSync(parts)) return;
  for (const entry of readdirSync(parts)) if (isMark(entry) && nameOfPart(entry) === name) rmSync(join(parts, entry));
}
