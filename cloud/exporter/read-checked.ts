import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type ExporterFault, errorCode, exporterFault, isSystemError } from './exporter-fault.ts';
import type { CheckedFile } from './open-parcel.ts';
import { readPiece } from './parcel-file.ts';
import { MARK_BYTES, PIECE_BYTES } from './piece-marks.ts';

/**
 * Reads a checked file a second time, for sending, and yields a piece only if it is byte for byte the one that was checked:
 * what leaves is what was hashed, whoever can write the file. Ends early, after saying why, at the first piece that is not,
 * or cannot be read.
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
    // The next piece is read while the one in hand is sent.
    const readAt = (index: number): Promise<Buffer> => {
      const position = index * PIECE_BYTES;
      const piece = readPiece(opened, position, Math.max(0, Math.min(PIECE_BYTES, file.bytes - position)));
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
