import { close, constants, openSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rewriteDurably, syncNames, withFile, writeDurably } from './durable-file.ts';
import { readAt } from './read-at.ts';
import { NOTE_BYTES_MAX } from './signed-note.ts';

/** The signed tree head: a C2SP checkpoint. A log exists from the moment this file does. */
export const CHECKPOINT_FILE = 'checkpoint';

/** The next tree head before it takes the place of the last; what a crash leaves here is overwritten. */
export const CHECKPOINT_STAGING_FILE = 'checkpoint.tmp';

/**
 * Puts a checkpoint in the place of the last one, durably: a reader and a crash see the old one or the new one whole.
 *
 * @throws the system error of the step that failed; `readCheckpointFile` then says which of the two is there
 */
export function replaceCheckpointFile(directory: string, note: string): void {
  const staging = join(directory, CHECKPOINT_STAGING_FILE);
  writeDurably(staging, Buffer.from(note));
  const before = openIfThere(join(directory, CHECKPOINT_FILE));
  try {
    renameSync(staging, join(directory, CHECKPOINT_FILE));
    settleCheckpointName(directory, note);
  } finally {
    // Held until now, and let go of in another thread: to free the blocks of what was replaced takes longer than all of this.
    if (before !== undefined) close(before, ignoreFault);
  }
}

/** Undefined for the first checkpoint of a log. */
function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY);
  } catch {
    return undefined;
  }
}

/** Nothing was written through it. */
function ignoreFault(): void {}

/**
 * Makes the renaming of this checkpoint durable.
 *
 * Where the directory may not be synced, the file is written over itself with O_SYNC: a rename changes the metadata of the
 * file too, and a journaling file system (ext4, XFS, btrfs) commits the rename along with it. Should one not, no
 * acknowledged entry is lost: they are durable before, and opening the log signs their head again.
 */
export function settleCheckpointName(directory: string, note: string): void {
  if (!syncNames(directory)) rewriteDurably(join(directory, CHECKPOINT_FILE), Buffer.from(note), 0);
}

/**
 * Bytes of the checkpoint, cut off one byte above the limit of a note, so that a longer one is seen to be too long.
 *
 * @throws the system error, `ENOENT` among them
 */
export function readCheckpointFile(directory: string): Buffer {
  return withFile(join(directory, CHECKPOINT_FILE), constants.O_RDONLY, (fd) => readAt(fd, 0, NOTE_BYTES_MAX + 1));
}

/**
 * Makes new directories durable: each is a name in the one above it.
 *
 * @param created - topmost directory that is new; `directory` lies in it or is it
 */
export function syncNewDirectories(directory: string, created: string): void {
  for (let inner = directory; inner.length >= created.length; inner = dirname(inner)) syncNames(dirname(inner));
}
