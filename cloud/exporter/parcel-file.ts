import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type ExporterFault, errorCode, exporterFault, isSystemError } from './exporter-fault.ts';
import type { ExporterFaultCode } from './faults.table.ts';
import { PIECE_BYTES } from './piece-marks.ts';

/**
 * Opens a plain file for reading and gives it to `use`; closes it after.
 *
 * O_NOFOLLOW: a link planted in the outbox must not lead out of it. O_NONBLOCK: a named pipe must not hang the exporter.
 *
 * @param missing - code for a file that is not there
 */
export async function withPlainFile<T>(
  path: string,
  missing: ExporterFaultCode,
  use: (handle: FileHandle, bytes: number) => Promise<Result<T, ExporterFault>>,
): Promise<Result<T, ExporterFault>> {
  let handle: FileHandle;
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (cause) {
    return fail(openingFault(errorCode(cause), missing));
  }
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) return fail(exporterFault('PARCEL_NOT_A_FILE'));
    return await use(handle, stat.size);
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    return fail(exporterFault('PARCEL_UNREADABLE', errorCode(cause)));
  } finally {
    await handle.close();
  }
}

/** Reads a small file whole. @param tooLong - code for a file above `bytesMax` */
export async function readSmallFile(
  path: string,
  options: { readonly bytesMax: number; readonly missing: ExporterFaultCode; readonly tooLong: ExporterFaultCode },
): Promise<Result<Buffer, ExporterFault>> {
  return withPlainFile(path, options.missing, async (handle) => {
    const content = await readPiece(handle, 0, options.bytesMax + 1);
    return content.length > options.bytesMax ? fail(exporterFault(options.tooLong)) : ok(content);
  });
}

/** At most `length` bytes from `position` on; fewer only at the end of the file. The buffer belongs to the caller. */
export function readPiece(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  return readInto(Buffer.allocUnsafe(length), handle, position);
}

/** Fills a buffer from `position` on and gives the part that was filled, which is less only at the end of the file. */
export async function readInto(buffer: Buffer, handle: FileHandle, position: number): Promise<Buffer> {
  let filled = 0;
  // Each turn reads at least one byte or ends, so there are at most as many turns as bytes.
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/**
 * The pieces of a file in order, the next one read while the one in hand is looked at. There are two buffers: a piece holds until the next
 * but one is asked for.
 *
 * @param bytes - length of the file
 */
export async function* readPieces(handle: FileHandle, bytes: number): AsyncGenerator<Buffer, void> {
  const pieces = Math.ceil(bytes / PIECE_BYTES);
  const buffers = [0, 1].map(() => Buffer.allocUnsafe(Math.min(PIECE_BYTES, bytes)));
  const readAt = async (index: number): Promise<Buffer> => {
    const left = Math.max(0, bytes - index * PIECE_BYTES);
    return readInto((buffers[index % 2] ?? NO_BYTES).subarray(0, left), handle, index * PIECE_BYTES);
  };
  let ahead = readAt(0);
  for (let index = 0; index < pieces; index += 1) {
    const piece = await ahead;
    ahead = readAt(index + 1);
    yield piece;
  }
  await ahead;
}

const NO_BYTES = Buffer.alloc(0);

function openingFault(code: string, missing: ExporterFaultCode): ExporterFault {
  if (code === 'ENOENT') return exporterFault(missing);
  if (NOT_A_FILE.includes(code)) return exporterFault('PARCEL_NOT_A_FILE');
  return exporterFault('PARCEL_UNREADABLE', code);
}

/** ELOOP: a symbolic link; ENXIO: a socket; ENOTDIR: the transfer's directory is none. */
const NOT_A_FILE: readonly string[] = ['ELOOP', 'ENXIO', 'ENOTDIR'];
