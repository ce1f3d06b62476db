import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { CheckedFile } from './open-parcel.ts';
import { readPiece } from './parcel-file.ts';
import { MARK_BYTES, PIECE_BYTES } from './piece-marks.ts';

/**
 * Reads a checked file a second time, for sending, and yields a piece only if it is byte for byte the one that was checked.
 * Ends early, after calling `onChange`, at the first that is not: what leaves is what was hashed, whoever can write the file.
 *
 * @throws the system error of a failed read
 */
export async function* readChecked(file: CheckedFile, onChange: () => void): AsyncGenerator<Buffer, void> {
  const handle = await open(file.path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    for (let index = 0; index * PIECE_BYTES < file.bytes; index += 1) {
      const position = index * PIECE_BYTES;
      const piece = await readPiece(handle, position, Math.min(PIECE_BYTES, file.bytes - position));
      const at = index * MARK_BYTES;
      if (file.mark(index, piece).compare(file.marks, at, at + MARK_BYTES) !== 0) return onChange();
      yield piece;
    }
  } finally {
    await handle.close();
  }
}
