import type { LogLeaf } from '../../proto/codec/transfer-codec.ts';
import { assert, fail, ok, type Result } from '../../proto/words/result.ts';
import type { TreeHead } from './checkpoint.ts';
import { walkFrames } from './entry-file.ts';
import { type LogFault, logCorrupt, logNoEntry } from './faults.ts';
import { readLeaf } from './leaf.ts';
import type { LogFiles } from './recover.ts';

export interface NumberedLeaf {
  /** From 0. */
  readonly index: number;
  readonly leaf: LogLeaf;
}

/** One acknowledged entry, after walking over fewer than `OFFSET_STRIDE` others. */
export function readEntry(files: LogFiles, head: TreeHead, index: number): Result<LogLeaf, LogFault> {
  const isThere = Number.isSafeInteger(index) && index >= 0 && index < head.size;
  if (!isThere) return fail(logNoEntry(index, head.size));
  for (const leaf of walkLeaves(files, index)) {
    return leaf === undefined ? fail(logCorrupt(files.directory, 'entry-content', index)) : ok(leaf);
  }
  return fail(logCorrupt(files.directory, 'entries-short', index));
}

/**
 * The acknowledged entries from one on, in order, up to the head as it was when asked.
 *
 * @throws Error when the file no longer holds what was verified at opening; `verifyLog` says what is wrong with it
 */
export function* readEntries(files: LogFiles, head: TreeHead, from: number): Generator<NumberedLeaf, void> {
  assert(Number.isSafeInteger(from) && from >= 0, 'entries are read from an index');
  let index = from;
  if (index >= head.size) return;
  for (const leaf of walkLeaves(files, from)) {
    assert(leaf !== undefined, 'an acknowledged entry stays readable');
    yield { index, leaf };
    index += 1;
    if (index === head.size) return;
  }
  assert(false, 'an acknowledged entry stays in the file');
}

/** Leaves of the file from one on; undefined for one that is not readable, and the end at one that is not whole. */
function* walkLeaves(files: LogFiles, from: number): Generator<LogLeaf | undefined, void> {
  const place = files.offsets.atOrBefore(from);
  let index = place.index;
  for (const frame of walkFrames(files.fd, place.offset)) {
    if (frame.kind !== 'whole') return;
    if (index >= from) yield readLeaf(Buffer.from(frame.leaf));
    index += 1;
  }
}
