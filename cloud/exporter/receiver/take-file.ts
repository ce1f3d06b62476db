import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fail, ok, type Result } from '../../../proto/words/result.ts';
import { type ExporterFault, errorCode, exporterFault } from '../exporter-fault.ts';
import { fileExists } from '../file-exists.ts';
import type { FileName } from '../names.ts';
import type { Layout, TransferKey } from './layout.ts';
import { checkRoom, moveIn } from './take-steps.ts';
import { writeBody } from './write-body.ts';

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

async function writePart(part: string, file: Arriving): Promise<Result<undefined, ExporterFault>> {
  try {
    await writeBody(file.body, { path: part, from: 0 }, () => undefined);
    const { size } = await stat(part);
    return size === file.bytes ? ok(undefined) : fail(exporterFault('FILE_BROKEN_OFF', file.name));
  } catch (cause) {
    if (isBrokenOff(cause)) return fail(exporterFault('FILE_BROKEN_OFF', file.name));
    throw cause;
  }
}

export function isBrokenOff(cause: unknown): boolean {
  return BROKEN_OFF.includes(errorCode(cause));
}

/** What Node says when a request ends before its body does. */
const BROKEN_OFF: readonly string[] = ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'];
