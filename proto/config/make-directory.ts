import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** As the system does where nothing else is said; the umask takes from it. */
const MODE = 0o777;

/**
 * Makes a directory and those above it. Node's own `recursive` tries for ever where a file system says of a directory that is there that
 * nothing can be made in it because it is not there, as /proc does.
 *
 * @returns the topmost directory that was made, absolute; undefined where there was nothing to make
 * @throws the system's error; directories above may then have been made
 */
export function makeDirectory(path: string, mode: number = MODE): string | undefined {
  const missing: string[] = [];
  for (let at = resolve(path); !existsSync(at); at = dirname(at)) missing.unshift(at);
  for (const one of missing.length === 0 ? [path] : missing) makeOne(one, mode);
  return missing[0];
}

function makeOne(path: string, mode: number): void {
  try {
    mkdirSync(path, { mode });
  } catch (cause) {
    // Another process may have been first.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) throw cause;
  }
}
