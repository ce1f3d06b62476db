import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type ExporterFault, errorCode, exporterFault, isSystemError } from './exporter-fault.ts';
import type { CheckedFile } from './open-parcel.ts';
import { readInto } from './parcel-file.ts';
import { MARK_BYTES, PIECE_BYTES } from './piece-marks.ts';

/**
 * Reads a checked file a second time, for sending, and yields a piece only if it is byte for byte the one that was checked:
 * what leaves is what was hashed, whoever can write the file. Ends early, after saying why, at the first piece that is not,
 * or cannot be read. A piece lies in one of a few buffers that are used over and over: it holds until the third piece after it is asked for.
 *
 * @param from - first byte to yield; the piece it lies in is checked whole all the same
 */
export async function* readChecked(
  file: CheckedFile,
  from: number,
  onFault: (fault: ExporterFault) => void,
): AsyncGenerator<Buffer, void> {
  let handle: FileHandle | undefined;
  let ahead: Promise<Buffer> | undefined;
  try {
    handle = await open(file.path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const opened = handle;
    const buffers = Array.from({ length: BUFFERS }, () => Buffer.allocUnsafe(Math.min(PIECE_BYTES, file.bytes)));
    // The next piece is read while the one in hand is sent.
    const readAt = (index: number): Promise<Buffer> => {
      const position = index * PIECE_BYTES;
      const into = (buffers[index % BUFFERS] ?? NO_BYTES).subarray(0, Math.max(0, file.bytes - position));
      const piece = readInto(into, opened, position);
      // Whoever comes for it hears of its failure; nobody may come.
      piece.catch(() => undefined);
      return piece;
    };
    ahead = readAt(Math.floor(from / PIECE_BYTES));
    for (let index = Math.floor(from / PIECE_BYTES); index * PIECE_BYTES < file.bytes; index += 1) {
      const position = index * PIECE_BYTES;
      const piece = await ahead;
      ahead = readAt(index + 1);
      const at = index * MARK_BYTES;
      if (file.mark(index, piece).compare(file.marks, at, at + MARK_BYTES) !== 0) {
        return onFault(exporterFault('PARCEL_CHANGED', file.name));
      }
      yield piece.subarray(Math.max(0, from - position));
    }
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    onFault(exporterFault('PARCEL_UNREADABLE', errorCode(cause)));
  } finally {
    await ahead?.catch(() => undefined);
    await handle?.close();
  }
}

/** One that is being sent, a short one before it, one that waits its turn, and one that is being read. */
const BUFFERS = 4;

const NO_BYTES = Buffer.alloc(0);
