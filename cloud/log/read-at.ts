import { readSync } from 'node:fs';

/**
 * Reads until the target is full or the file ends, however many calls the system needs.
 *
 * @param at - offset in bytes
 * @returns bytes that were read
 * @throws the system error
 */
export function readInto(fd: number, target: Uint8Array, at: number): number {
  let read = 0;
  while (read < target.length) {
    const count = readSync(fd, target, read, target.length - read, at + read);
    if (count === 0) break;
    read += count;
  }
  return read;
}

/** So many bytes from an offset; fewer at the end of the file. @throws the system error */
export function readAt(fd: number, at: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  return bytes.subarray(0, readInto(fd, bytes, at));
}
