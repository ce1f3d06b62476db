import { existsSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { makeDirectory } from '../../proto/config/make-directory.ts';
import { renameDurably, syncNames, writeDurably } from './durable-files.ts';

/**
 * Puts a directory of files in its place, or in that of an older one: whoever looks finds all of the old, nothing, or all of the
 * new, whenever the power is cut. What an earlier attempt left behind is cleared away.
 *
 * @param files - bytes by name
 * @throws the system's error; what was there before then lies there, or beside it under its name with a dot and `.old`
 */
export function replaceDirectory(path: string, files: Readonly<Record<string, Uint8Array>>): void {
  const parent = dirname(path);
  const [draft, old] = ['new', 'old'].map((end) => join(parent, `.${basename(path)}.${end}`)) as [string, string];
  for (const left of [draft, old]) rmSync(left, { recursive: true, force: true });
  makeDirectory(draft);
  try {
    for (const [name, bytes] of Object.entries(files)) writeDurably(join(draft, name), [bytes]);
    syncNames(draft);
  } catch (cause) {
    rmSync(draft, { recursive: true, force: true });
    throw cause;
  }
  // A directory takes the place of an empty one only.
  if (existsSync(path)) renameDurably(path, old);
  renameDurably(draft, path);
  rmSync(old, { recursive: true, force: true });
}
