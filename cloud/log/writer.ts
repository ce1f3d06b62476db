import { closeSync, fstatSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { assert, fail, ok, type Result } from '../../proto/words/result.ts';
import type { Clock } from '../../proto/words/time.ts';
import { signCheckpoint, type TreeHead } from './checkpoint.ts';
import { readCheckpointFile, replaceCheckpointFile, settleCheckpointName } from './checkpoint-file.ts';
import { writeWhole } from './durable-file.ts';
import {
  APPEND_BYTES_MAX,
  cutBack,
  ENTRIES_FILE,
  ENTRIES_PER_APPEND_MAX,
  frameLeaves,
  LENGTH_BYTES,
} from './entry-file.ts';
import { attempt, type LogFault, logCorrupt, logLimit } from './faults.ts';
import { encodeEntry, type NewEntry } from './leaf.ts';
import { leafHash } from './merkle.ts';
import type { Appended, OpenLog } from './open-log.ts';
import { readEntries, readEntry } from './reader.ts';
import type { LogFiles, LogState } from './recover.ts';
import { tileRecord } from './tile-index.ts';
import { termsOfLeaf, tileTerms } from './tile-terms.ts';

/** A log whose files have been recovered, ready to append. */
export function createWriter(files: LogFiles, start: LogState, clock: Clock): OpenLog {
  const appender = createAppender(files, start);
  let isOpen = true;
  return {
    append: (entries) => {
      assert(isOpen, 'a closed log is not written to');
      const leaves = encodeEntries(entries, clock);
      return leaves.ok ? appender.append(leaves.value) : leaves;
    },
    head: appender.head,
    read: (index) => attempt(files.directory, () => readEntry(files, appender.head(), index)),
    entries: (from = 0) => readEntries(files, appender.head(), from),
    entriesOfKind: (kind, from) => readEntries(files, appender.head(), from, kind),
    terms: files.terms,
    close: () => {
      // Whatever was acknowledged is on the disk by now, so a close that fails has nothing left to lose.
      if (isOpen) attempt(files.directory, () => ok(closeSync(files.fd)));
      if (isOpen) attempt(files.directory, () => ok(files.index.close()));
      if (isOpen) files.terms.close();
      isOpen = false;
    },
  };
}

interface Appender {
  readonly append: (leaves: readonly Uint8Array[]) => Result<Appended, LogFault>;
  readonly head: () => TreeHead;
}

function createAppender(files: LogFiles, start: LogState): Appender {
  let state = start;
  /** What a failed append was about to make; while it is set, the disk is in doubt and nothing may be appended. */
  let unsettled: LogState | undefined;
  /** Once somebody else wrote to the files, this process cannot know what they hold. */
  let lost: LogFault | undefined;

  const become = (next: LogState): void => {
    // A state that was settled back to what it was fills no tile a second time.
    if (next !== state) {
      files.index.add(next.filled);
      files.terms.add(next.filled);
    }
    state = next;
    unsettled = undefined;
  };

  const settle = (): Result<undefined, LogFault> => {
    const after = unsettled;
    if (after === undefined) return ok(undefined);
    const settled = attempt(files.directory, () => settleFailedAppend(files, state, after));
    if (!settled.ok) return settled;
    become(settled.value);
    return ok(undefined);
  };

  const write = (leaves: readonly Uint8Array[]): Result<Appended, LogFault> => {
    const firstIndex = state.head.size;
    const leafHashes = leaves.map(leafHash);
    const next = grow(files, state, leaves, leafHashes);
    unsettled = next;
    const written = attempt(files.directory, () => writeAppend(files, leaves, next.note));
    if (!written.ok) {
      settle();
      return written;
    }
    become(next);
    return ok({ firstIndex, leafHashes, head: state.head });
  };

  const append = (leaves: readonly Uint8Array[]): Result<Appended, LogFault> => {
    if (lost !== undefined) return fail(lost);
    const settled = settle();
    if (!settled.ok) return settled;
    const unshared = attempt(files.directory, () => checkUnshared(files, state));
    if (!unshared.ok) {
      if (unshared.fault.code === 'LOG_CORRUPT') lost = unshared.fault;
      return unshared;
    }
    return leaves.length > 0 ? write(leaves) : ok({ firstIndex: state.head.size, leafHashes: [], head: state.head });
  };

  return { append, head: () => state.head };
}

/** The entries first, then the tree head over them: a crash in between leaves unsigned entries, never a head without them. */
function writeAppend(files: LogFiles, leaves: readonly Uint8Array[], note: string): Result<undefined, LogFault> {
  writeWhole(files.fd, frameLeaves(leaves), null);
  replaceCheckpointFile(files.directory, note);
  return ok(undefined);
}

function encodeEntries(entries: readonly NewEntry[], clock: Clock): Result<readonly Uint8Array[], LogFault> {
  if (entries.length > ENTRIES_PER_APPEND_MAX) return fail(logLimit('entries'));
  const recordedAt = clock.now();
  const leaves: Uint8Array[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const leaf = encodeEntry(entry, recordedAt);
    if (!leaf.ok) return fail(logLimit(leaf.fault));
    leaves.push(leaf.value);
    bytes += LENGTH_BYTES + leaf.value.length;
    if (bytes > APPEND_BYTES_MAX) return fail(logLimit('bytes'));
  }
  return ok(leaves);
}

/** The state the log will have once these leaves and its new tree head are durable. */
function grow(
  files: LogFiles,
  state: LogState,
  leaves: readonly Uint8Array[],
  leafHashes: readonly Uint8Array[],
): LogState {
  const range = state.range.copy();
  const filled: LogState['filled'][number][] = [];
  let bytes = state.bytes;
  let partial = [...state.partial];
  for (const [at, leaf] of leaves.entries()) {
    bytes += LENGTH_BYTES + leaf.length;
    partial.push(...termsOfLeaf(leaf));
    const root = range.push(leafHashes[at] ?? leafHash(leaf));
    if (root === undefined) continue;
    filled.push({ ...tileRecord(bytes, root), terms: tileTerms(partial) });
    partial = [];
  }
  const head = { size: range.size(), rootHash: range.root() };
  return { bytes, range, head, note: signCheckpoint(head, files.signer), filled, partial };
}

/**
 * Brings the disk back to a known state after an append failed half way, by asking it how far the append came.
 *
 * With the old tree head in place, the entries beyond it are cut off. With the new one in place somebody may have read
 * it, and a log may not sign a second head that denies it: the entries stay, although the caller was told nothing of
 * them, exactly as after a crash at that moment.
 */
function settleFailedAppend(files: LogFiles, before: LogState, after: LogState): Result<LogState, LogFault> {
  const note = readCheckpointFile(files.directory).toString('utf8');
  if (note === after.note) {
    settleCheckpointName(files.directory, note);
    return ok(after);
  }
  if (note !== before.note) return fail(logCorrupt(files.directory, 'changed-outside'));
  cutBack(files.fd, before.bytes);
  return ok(before);
}

/** One process writes a log. A file that is not as this one left it was written, moved or replaced by another. */
function checkUnshared(files: LogFiles, state: LogState): Result<undefined, LogFault> {
  const named = statSync(join(files.directory, ENTRIES_FILE));
  const held = fstatSync(files.fd);
  const isSame = named.dev === held.dev && named.ino === held.ino && held.size === state.bytes;
  return isSame ? ok(undefined) : fail(logCorrupt(files.directory, 'changed-outside'));
}
