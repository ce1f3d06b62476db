import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../proto/words/time.ts';
import type { DocumentStore } from '../ports/register-store.ts';
import { replaceDurably } from './durable-files.ts';

/** Files whose marks are remembered; beyond it all are hashed again. */
const REMEMBERED_MAX = 100_000;

/**
 * The clock of a file system has ticks of some milliseconds, and two writes within one leave the same marks. So those of a file are
 * remembered once they are this old, by the same clock.
 */
const SETTLED_MS = 1_000;

/**
 * Documents as files named by their SHA-256, in a directory of their own; each is there whole or not at all. A file that was
 * whole is hashed again once its marks in the file system are others: nobody writes to it without changing them.
 *
 * @param clock - the system's, which marks are of; without it none is remembered
 * @param settledMs - how old marks are that are remembered; longer than a tick of the file system's clock
 */
export function documentFiles(directory: string, clock?: Clock, settledMs = SETTLED_MS): DocumentStore {
  mkdirSync(directory, { recursive: true, mode: 0o750 });
  const whole = new Map<string, string>();
  return {
    keep: (bytes) => {
      const sha256 = hashOf(bytes);
      const file = join(directory, sha256);
      // What lies there under this name and has other bytes was changed, and is put right.
      if (existsSync(file) && hashOf(readFileSync(file)) === sha256) return sha256;
      replaceDurably(file, bytes);
      return sha256;
    },
    read: (sha256) => {
      const file = join(directory, sha256);
      const bytes = /^[0-9a-f]{64}$/.test(sha256) && existsSync(file) ? readFileSync(file) : undefined;
      return bytes !== undefined && hashOf(bytes) === sha256 ? bytes : undefined;
    },
    state: (sha256) => {
      const file = join(directory, sha256);
      const found = marksOf(file);
      if (found === undefined) return 'absent';
      const { marks, changedMs } = found;
      if (whole.get(sha256) === marks) return 'whole';
      whole.delete(sha256);
      const isSettled = clock !== undefined && changedMs + settledMs < clock.now();
      // Marks are read before the bytes: what changes in between has others the next time.
      if (hashOf(readFileSync(file)) !== sha256) return 'changed';
      if (!isSettled) return 'whole';
      if (whole.size >= REMEMBERED_MAX) whole.clear();
      whole.set(sha256, marks);
      return 'whole';
    },
  };
}

/** The time of a change of status cannot be set back, unlike that of the content. */
function marksOf(file: string): { readonly marks: string; readonly changedMs: number } | undefined {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  if (found === undefined) return undefined;
  const { dev, ino, size, mtimeNs, ctimeNs, ctimeMs } = found;
  return { marks: `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`, changedMs: Number(ctimeMs) };
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
