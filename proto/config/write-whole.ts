import { chmodSync, type Mode, mkdtempSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

export interface WholeFile {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** One file by {@link writeAllWhole}. */
export function writeWhole(path: string, content: string | Uint8Array, mode?: Mode): void {
  writeAllWhole([{ path, content }], mode);
}

/**
 * Writes a file where none is; of one that a full disk ends nothing is left.
 *
 * @throws the system's error, EEXIST where something is there
 */
export function writeNewWhole(path: string, content: string | Uint8Array, mode: Mode): void {
  try {
    writeFileSync(path, content, { flag: 'wx', flush: true, mode });
  } catch (cause) {
    const wasThere = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    if (!wasThere) rmSync(path, { force: true });
    throw cause;
  }
}

/**
 * Writes files beside their places and moves them there when all of them are on the disk: what a full disk ends leaves what was there
 * before. What is no plain file, such as a pipe or /dev/stdout, is written where it is.
 *
 * @param mode - of files that are new; one that was there keeps its own
 * @throws the system's error
 */
export function writeAllWhole(files: readonly WholeFile[], mode?: Mode): void {
  const drafts: Draft[] = [];
  try {
    for (const { path: named, content } of files) {
      const was = statSync(named, { throwIfNoEntry: false });
      if (was !== undefined && !was.isFile()) {
        writeFileSync(named, content);
        continue;
      }
      const path = was === undefined ? named : realpathSync(named);
      const drafted: Draft = { directory: mkdtempSync(join(dirname(path), `.${basename(path)}.`)), path };
      drafts.push(drafted);
      writeFileSync(fileOf(drafted), content, { flush: true, ...(mode !== undefined && { mode }) });
      if (was !== undefined) chmodSync(fileOf(drafted), was.mode & PERMISSIONS);
    }
    for (const drafted of drafts) renameSync(fileOf(drafted), drafted.path);
  } finally {
    for (const { directory } of drafts) rmSync(directory, { recursive: true, force: true });
  }
}

interface Draft {
  /** A directory of its own beside the place, so that no two processes write one draft. */
  readonly directory: string;
  readonly path: string;
}

const fileOf = ({ directory }: Draft): string => join(directory, 'whole');

const PERMISSIONS = 0o777;
