import type { FileHandle } from 'node:fs/promises';

/** Writes all bytes at a place of a file. @throws the system's error */
export async function writeWhole(handle: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  // Each turn writes at least one byte or throws.
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, at + written);
    written += bytesWritten;
  }
}
