import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** The owner writes, the group may read. */
export const FILE_MODE = 0o640;

/**
 * Writes a file; its bytes are on the disk when this returns, its name may not be.
 *
 * @param flags - `w`: anew, over what is there; `wx`: only where nothing is
 * @throws the system's error
 */
export function writeDurably(
  path: string,
  pieces: Iterable<Uint8Array>,
  { flags = 'w', mode = FILE_MODE }: { readonly flags?: 'w' | 'wx'; readonly mode?: number } = {},
): void {
  const file = openSync(path, flags, mode);
  try {
    for (const piece of pieces) writeWhole(file, piece);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Puts a file in its place, name and all: whoever looks finds the whole of it or what was there before. */
export function replaceDurably(path: string, bytes: Uint8Array): void {
  const draft = `${path}.new`;
  writeDurably(draft, [bytes]);
  renameDurably(draft, path);
}

/** Gives a file or directory another name, durably; both names lie on one file system. */
export function renameDurably(from: string, to: string): void {
  renameSync(from, to);
  syncNames(dirname(to));
}

/** Makes the names in a directory durable. */
export function syncNames(directory: string): void {
  const open = openSync(directory, 'r');
  try {
    fsyncSync(open);
  } finally {
    closeSync(open);
  }
}

/** Writes all bytes where the file stands, however many calls the system needs. */
export function writeWhole(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
}
