import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { StopMemory, StopRecord } from '../ports/emergency.ts';

const MODE = 0o600;

/** The stop in force as one small JSON file among the stores; no file is no stop. */
export function stopMemoryFile(path: string): StopMemory {
  // What a full disk did not take is remembered by this process.
  let unsaved: StopRecord | undefined;
  return {
    load: () => {
      if (unsaved !== undefined) return unsaved;
      try {
        const record = JSON.parse(readFileSync(path, 'utf8')) as StopRecord;
        return typeof record.note?.id === 'string' && Array.isArray(record.approvals) ? record : 'unreadable';
      } catch (cause) {
        return (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'none' : 'unreadable';
      }
    },
    save: (record) => {
      unsaved = record;
      const staging = `${path}.tmp`;
      const file = openSync(staging, 'w', MODE);
      try {
        const bytes = Buffer.from(JSON.stringify(record));
        for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(staging, path);
      sync(dirname(path));
      unsaved = undefined;
    },
    forget: () => {
      rmSync(path, { force: true });
      sync(dirname(path));
      unsaved = undefined;
    },
  };
}

function sync(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
