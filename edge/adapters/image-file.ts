import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import type { ImageFile } from '../ports/image-file.ts';

/**
 * Pieces of an image in one file, each at its place; made with the first of them, for its owner only.
 *
 * @param pieceBytes - of every piece but the last
 */
export function imageFile(path: string, pieceBytes: number): ImageFile {
  return {
    path,
    read: (index, bytes) =>
      withFile(path, 'r', (fd) => {
        const piece = Buffer.alloc(bytes);
        return readSync(fd, piece, 0, bytes, index * pieceBytes) === bytes ? piece : undefined;
      }),
    write: (index, bytes) => {
      withFile(path, 'r+', (fd) => writeAll(fd, bytes, index * pieceBytes)) ??
        withFile(path, 'w+', (fd) => writeAll(fd, bytes, index * pieceBytes));
    },
    settle: (bytes) =>
      withFile(path, 'r+', (fd) => {
        if (fstatSync(fd).size > bytes) ftruncateSync(fd, bytes);
        fsyncSync(fd);
      }),
    clear: () => rmSync(path, { force: true }),
  };
}

/** Undefined where there is no such file. @throws any other error of the system */
function withFile<T>(path: string, flags: 'r' | 'r+' | 'w+', work: (fd: number) => T): T | undefined {
  let fd: number;
  try {
    fd = openSync(path, flags, 0o600);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT' && flags !== 'w+') return undefined;
    throw cause;
  }
  try {
    return work(fd);
  } finally {
    closeSync(fd);
  }
}

/** A disk that is nearly full takes a part. */
function writeAll(fd: number, bytes: Uint8Array, at: number): number {
  let written = 0;
  while (written < bytes.length) written += writeSync(fd, bytes, written, bytes.length - written, at + written);
  return written;
}
