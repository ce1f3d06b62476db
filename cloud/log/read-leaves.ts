import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { LogLeaf } from '../../proto/codec/transfer-codec.ts';
import { ENTRIES_FILE, walkFrames } from './entry-file.ts';
import { readLeaf } from './leaf.ts';
import { leafHash } from './merkle.ts';

/**
 * The first `size` entries of a log on disk, read only and in order, each with its leaf hash. What is not readable is
 * left out: call `verifyLog` first, which names it.
 *
 * @throws the system's error when the file cannot be read
 */
export function* readLeaves(
  directory: string,
  size: number,
): Generator<{ readonly index: number; readonly hash: Uint8Array; readonly leaf: LogLeaf }> {
  const fd = openSync(join(directory, ENTRIES_FILE), 'r');
  try {
    let index = 0;
    for (const frame of walkFrames(fd, 0)) {
      if (frame.kind !== 'whole' || index >= size) return;
      const leaf = readLeaf(Uint8Array.from(frame.leaf));
      if (leaf !== undefined) yield { index, hash: leafHash(frame.leaf), leaf };
      index += 1;
    }
  } finally {
    closeSync(fd);
  }
}
