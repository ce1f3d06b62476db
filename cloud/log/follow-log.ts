import { closeSync, openSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { LogLeaf } from '../../proto/codec/transfer-codec.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { openCheckpoint } from './checkpoint.ts';
import { readCheckpointFile } from './checkpoint-file.ts';
import { ENTRIES_FILE, walkFrames } from './entry-file.ts';
import { attempt, type LogFault, logCorrupt } from './faults.ts';
import { readLeaf } from './leaf.ts';
import { type CompactRange, emptyRange, leafHash } from './merkle.ts';
import { findAbsence } from './open-log.ts';
import type { ReadLogOptions } from './read-log.ts';

/** Another process's log, read as it grows. Each head has to extend the last one seen: who changes its past is found out. */
export interface FollowedLog {
  /**
   * New entries under the newest head, at most `FOLLOWED_ENTRIES_MAX` at a time, once they gave its root or are on the way to it.
   *
   * Faults: LOG_MISSING, LOG_UNAVAILABLE; LOG_CORRUPT for a head that is shorter than one seen before, or another history.
   */
  readonly next: () => Result<readonly { readonly index: number; readonly leaf: LogLeaf }[], LogFault>;
}

export const FOLLOWED_ENTRIES_MAX = 20_000;

/** Follows a log from its beginning. */
export function followLog(options: ReadLogOptions): FollowedLog {
  const directory = resolve(options.directory);
  let range = emptyRange();
  let bytes = 0;
  return {
    next: () =>
      attempt(directory, () => {
        const absence = findAbsence(directory);
        if (absence !== undefined) return fail(absence);
        const head = openCheckpoint(readCheckpointFile(directory), options);
        if (!head.ok) return fail(logCorrupt(directory, head.fault));
        if (head.value.size < range.size()) return fail(logCorrupt(directory, 'head-lost'));
        const read = readOn(join(directory, ENTRIES_FILE), { range: range.copy(), bytes }, head.value.size);
        const isAtHead = read.range.size() === head.value.size;
        if (!isAtHead && read.entries.length < FOLLOWED_ENTRIES_MAX)
          return fail(logCorrupt(directory, 'entries-short'));
        if (isAtHead && Buffer.compare(read.range.root(), head.value.rootHash) !== 0)
          return fail(logCorrupt(directory, 'head-forked'));
        range = read.range;
        bytes = read.bytes;
        return ok(read.entries);
      }),
  };
}

function readOn(file: string, from: { readonly range: CompactRange; readonly bytes: number }, size: number) {
  const { range } = from;
  const entries: { readonly index: number; readonly leaf: LogLeaf }[] = [];
  let { bytes } = from;
  const fd = openSync(file, 'r');
  try {
    if (range.size() === size) return { range, bytes, entries };
    for (const frame of walkFrames(fd, bytes)) {
      if (frame.kind !== 'whole') break;
      const leaf = readLeaf(Buffer.from(frame.leaf));
      if (leaf === undefined) break;
      entries.push({ index: range.size(), leaf });
      range.push(leafHash(frame.leaf));
      bytes = frame.end;
      if (range.size() === size || entries.length === FOLLOWED_ENTRIES_MAX) break;
    }
    return { range, bytes, entries };
  } finally {
    closeSync(fd);
  }
}
