import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes a file so that a reader and a crash see the old one or the new one whole, durably.
 *
 * `FileHandle.sync` and not `fsyncSync`: Node's permission model forbids the latter, on a directory too.
 *
 * @throws the system error of the step that failed
 */
export async function writeAtomically(path: string, bytes: Uint8Array): Promise<void> {
  const staging = `${path}.tmp`;
  await writeDurably(staging, bytes);
  await rename(staging, path);
  await syncDirectory(dirname(path));
}

/** Writes a file that nobody reads yet. Its name is durable once its directory is. @throws the system error */
export async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'w', 0o640);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the names in a directory durable. @throws the system error */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
