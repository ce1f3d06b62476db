import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { FILE_LIMITS, type Objection } from '../datasets/inspect-files.ts';

/** A file below a directory. */
export interface Found {
  /** Below the directory, with slashes. */
  readonly path: string;
  readonly at: string;
}

/** Files below a directory, or the one file; what is neither is objected to. */
export function listFiles(root: string, objections: Objection[]): readonly Found[] {
  const found: Found[] = [];
  const walk = (at: string, path: string): void => {
    if (objections.length > 0) return;
    const status = lstatSync(at);
    if (status.isSymbolicLink()) objections.push({ path, because: 'holds-a-link' });
    else if (status.isDirectory()) {
      for (const name of readdirSync(at).sort()) walk(join(at, name), path === '' ? name : `${path}/${name}`);
    } else if (!status.isFile()) objections.push({ path, because: 'holds-a-special' });
    else found.push({ path: path === '' ? basename(at) : path, at });
    if (found.length > FILE_LIMITS.entries) objections.push({ path: '.', because: 'too-many-files' });
  };
  walk(root, '');
  return found;
}

/** Undefined for what is too large or no plain file. A link put in place of the file since it was listed is not followed. */
export function readPlain(at: string): Uint8Array | undefined {
  const file = openSync(at, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const status = fstatSync(file);
    return status.isFile() && status.size <= FILE_LIMITS.fileBytes ? readFileSync(file) : undefined;
  } finally {
    closeSync(file);
  }
}
