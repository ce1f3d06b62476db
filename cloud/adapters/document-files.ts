import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DocumentStore } from '../ports/register-store.ts';
import { replaceDurably } from './durable-files.ts';

/** Documents as files named by their SHA-256, in a directory of their own; each is there whole or not at all. */
export function documentFiles(directory: string): DocumentStore {
  mkdirSync(directory, { recursive: true, mode: 0o750 });
  return {
    keep: (bytes) => {
      const sha256 = hashOf(bytes);
      const file = join(directory, sha256);
      // What lies there under this name and has other bytes was changed, and is put right.
      if (existsSync(file) && hashOf(readFileSync(file)) === sha256) return sha256;
      replaceDurably(file, bytes);
      return sha256;
    },
    state: (sha256) => {
      const file = join(directory, sha256);
      if (!existsSync(file)) return 'absent';
      return hashOf(readFileSync(file)) === sha256 ? 'whole' : 'changed';
    },
  };
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
