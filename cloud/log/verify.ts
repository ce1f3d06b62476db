import type { KeyObject } from 'node:crypto';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { openCheckpoint, type TreeHead } from './checkpoint.ts';
import { readCheckpointFile } from './checkpoint-file.ts';
import { APPEND_BYTES_MAX, ENTRIES_FILE } from './entry-file.ts';
import { attempt, type LogFault, logCorrupt } from './faults.ts';
import { isLeaf } from './leaf.ts';
import { type CompactRange, EMPTY_ROOT } from './merkle.ts';
import { findAbsence } from './open-log.ts';
import { replayEntries } from './replay.ts';

/** A report names at most this many unreadable entries; a log with more is no less damaged. */
export const UNREADABLE_ENTRIES_MAX = 100;

export interface VerifyOptions {
  readonly directory: string;
  readonly origin: string;
  /** Ed25519, from somewhere the log's writer cannot change. */
  readonly publicKey: KeyObject;
  /** Tree heads of this log that were kept elsewhere; each has to be one of its past. */
  readonly keptHeads?: readonly TreeHead[];
  /** Told now and then how many entries were seen, of how many. */
  readonly seen?: (entries: number, size: number) => void;
}

/** Entries between two words of how far it is. */
const SEEN_EVERY = 4_096;

/**
 * Derives the whole log again from its files: the signature of the tree head, the framing, every leaf and its document,
 * every hash, the root. Trusts nothing and writes nothing, so it may run beside the writing process, whose append under way is
 * not yet part of the log. Memory does not grow with the log.
 *
 * What it cannot see alone: that entries and checkpoint were put back together to an earlier state, or written anew by who
 * holds the key. A head kept elsewhere shows both.
 *
 * @returns the verified head, or everything found wrong: LOG_MISSING, LOG_CORRUPT, LOG_UNAVAILABLE
 */
export function verifyLog(options: VerifyOptions): Result<TreeHead, readonly LogFault[]> {
  const directory = resolve(options.directory);
  const verified = attempt<TreeHead, readonly LogFault[]>(directory, () => {
    const absence = findAbsence(directory);
    if (absence !== undefined) return fail([absence]);
    const fd = openSync(join(directory, ENTRIES_FILE), 'r');
    try {
      return verifyFiles(directory, fd, options);
    } finally {
      closeSync(fd);
    }
  });
  if (verified.ok) return verified;
  return fail('code' in verified.fault ? [verified.fault] : verified.fault);
}

function verifyFiles(directory: string, fd: number, options: VerifyOptions): Result<TreeHead, readonly LogFault[]> {
  // The size comes first: what a running writer acknowledges later is then under the head, and not beyond it.
  const bytesAtStart = fstatSync(fd).size;
  const head = openCheckpoint(readCheckpointFile(directory), options);
  if (!head.ok) return fail([logCorrupt(directory, head.fault)]);

  const faults: LogFault[] = [];
  const kept = expectHeads(directory, options.keptHeads ?? [], head.value.size);
  faults.push(...kept.lost);
  const replayed = replayEntries(fd, head.value.size, ({ index, leaf, range }) => {
    for (const fault of kept.see(index + 1, range)) faults.push(fault);
    if ((index + 1) % SEEN_EVERY === 0) options.seen?.(index + 1, head.value.size);
    if (faults.length >= UNREADABLE_ENTRIES_MAX || isLeaf(leaf)) return;
    faults.push(logCorrupt(directory, 'entry-content', index));
  });
  if (!replayed.ok) {
    return fail([...faults, logCorrupt(directory, replayed.fault.damage, replayed.fault.entry)]);
  }
  const rootHash = replayed.value.range.root();
  if (Buffer.compare(rootHash, head.value.rootHash) !== 0) faults.push(logCorrupt(directory, 'root-differs'));
  if (bytesAtStart - replayed.value.bytes > APPEND_BYTES_MAX) faults.push(logCorrupt(directory, 'tail-unexplained'));
  return faults.length === 0 ? ok({ size: head.value.size, rootHash }) : fail(faults);
}

const NO_FAULTS: readonly LogFault[] = [];

/** Heads kept elsewhere: what the log should have been at their sizes. */
function expectHeads(directory: string, heads: readonly TreeHead[], size: number) {
  const sizes = new Set(heads.map((head) => head.size));
  const at = (wanted: number): readonly TreeHead[] => heads.filter((head) => head.size === wanted);
  const forked = (wanted: readonly TreeHead[], root: Uint8Array): readonly LogFault[] =>
    wanted.some(({ rootHash }) => Buffer.compare(rootHash, root) !== 0) ? [logCorrupt(directory, 'head-forked')] : [];
  const lost = heads.filter((head) => head.size > size).map(() => logCorrupt(directory, 'head-lost'));
  return {
    lost: [...lost.slice(0, 1), ...forked(at(0), EMPTY_ROOT)],
    /** Takes the tree at each of its sizes. */
    see: (reached: number, range: CompactRange): readonly LogFault[] =>
      sizes.has(reached) ? forked(at(reached), range.root()) : NO_FAULTS,
  };
}
