import { createWriteStream, existsSync, mkdirSync, renameSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fail, ok, type Result } from '../../../proto/words/result.ts';
import { syncDirectory } from '../atomic-file.ts';
import { type ExporterFault, errorCode, exporterFault } from '../exporter-fault.ts';
import { fileExists } from '../file-exists.ts';
import type { FileName } from '../names.ts';
import type { Layout, TransferKey } from './layout.ts';

export interface TakeLimits {
  readonly filesMax: number;
  readonly parcelBytesMax: number;
  readonly stagedTransfersMax: number;
}

export interface TakeOptions {
  readonly layout: Layout;
  readonly limits: TakeLimits;
  /** True while the transfer is being completed: its files may not change then. */
  readonly isCompleting: (key: TransferKey) => boolean;
}

export interface Arriving {
  readonly key: TransferKey;
  readonly name: FileName;
  /** What the request says its length is. */
  readonly bytes: number;
  readonly body: Readable;
}

/** Takes in files one by one. A file that comes twice replaces itself, so a sender may repeat whatever it likes. */
export function createTaker(options: TakeOptions): (file: Arriving) => Promise<Result<undefined, ExporterFault>> {
  const { layout } = options;
  /** Bytes on their way in, by transfer directory. */
  const arriving = new Map<string, number>();
  let parts = 0;

  return async (file) => {
    const { key } = file;
    if (await fileExists(layout.receivedTransfer(key.id))) return fail(exporterFault('TRANSFER_ALREADY_RECEIVED'));
    const directory = layout.stagedTransfer(key);
    const room = await checkRoom(file, arriving.get(directory) ?? 0, options);
    if (room !== undefined) return fail(room);
    parts += 1;
    const part = join(layout.parts, String(parts));
    arriving.set(directory, (arriving.get(directory) ?? 0) + file.bytes);
    try {
      const written = await writePart(part, file);
      return written.ok ? await moveIn(part, file, options) : written;
    } finally {
      const left = (arriving.get(directory) ?? 0) - file.bytes;
      if (left > 0) arriving.set(directory, left);
      else arriving.delete(directory);
      await rm(part, { force: true });
    }
  };
}

/** Limits are checked by the announced length, before a byte is read. */
async function checkRoom(file: Arriving, arriving: number, options: TakeOptions): Promise<ExporterFault | undefined> {
  const { layout, limits } = options;
  const directory = layout.stagedTransfer(file.key);
  if (!(await fileExists(directory))) {
    const staged = await readdir(layout.stagingOf(file.key.exporterId));
    if (staged.length >= limits.stagedTransfersMax) return exporterFault('STAGING_FULL');
    if (file.bytes + arriving > limits.parcelBytesMax) return exporterFault('PARCEL_TOO_LARGE', `${file.bytes} bytes`);
    return undefined;
  }
  const others = (await readdir(directory)).filter((name) => name !== file.name);
  // The manifest comes on top of the files it names.
  if (others.length > limits.filesMax) return exporterFault('PARCEL_TOO_MANY_FILES', String(others.length));
  let total = file.bytes + arriving;
  for (const name of others) total += (await stat(join(directory, name))).size;
  return total > limits.parcelBytesMax ? exporterFault('PARCEL_TOO_LARGE', `${total} bytes`) : undefined;
}

/** `flush` syncs the file before the stream is done. */
async function writePart(part: string, file: Arriving): Promise<Result<undefined, ExporterFault>> {
  try {
    await pipeline(file.body, createWriteStream(part, { flags: 'wx', mode: 0o640, flush: true }));
    const { size } = await stat(part);
    return size === file.bytes ? ok(undefined) : fail(exporterFault('FILE_BROKEN_OFF', file.name));
  } catch (cause) {
    if (BROKEN_OFF.includes(errorCode(cause))) return fail(exporterFault('FILE_BROKEN_OFF', file.name));
    throw cause;
  }
}

/** The last looks and the rename are one step with nothing between them, so that no file slips into a finished parcel. */
async function moveIn(part: string, file: Arriving, options: TakeOptions): Promise<Result<undefined, ExporterFault>> {
  const { layout } = options;
  const directory = layout.stagedTransfer(file.key);
  if (options.isCompleting(file.key)) return fail(exporterFault('TRANSFER_BUSY'));
  if (existsSync(layout.receivedTransfer(file.key.id))) return fail(exporterFault('TRANSFER_ALREADY_RECEIVED'));
  mkdirSync(directory, { recursive: true, mode: 0o750 });
  renameSync(part, layout.stagedFile(file.key, file.name));
  await syncDirectory(directory);
  await syncDirectory(layout.stagingOf(file.key.exporterId));
  return ok(undefined);
}

/** What Node says when a request ends before its body does. */
const BROKEN_OFF: readonly string[] = ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'];
