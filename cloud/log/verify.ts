import type { KeyObject } from 'node:crypto';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { openCheckpoint, type TreeHead } from './checkpoint.ts';
import { readCheckpointFile } from './checkpoint-file.ts';
import { APPEND_BYTES_MAX, ENTRIES_FILE } from './entry-file.ts';
import { attempt, type LogFault, logCorrupt } from './faults.ts';
import { readLeaf } from './leaf.ts';
import { findAbsence } from './open-log.ts';
import { replayEntries } from './replay.ts';

/** A report names at most this many unreadable entries; a log with more is no less damaged. */
export const UNREADABLE_ENTRIES_MAX = 100;

export interface VerifyOptions {
  readonly directory: string;
  readonly origin: string;
  /** Ed25519, from somewhere the log's writer cannot change. */
  readonly publicKey: KeyObject;
}

/**
 * Derives the whole log again from its files: the signature of the tree head, the framing, every leaf and its document,
 * every hash, the root. Trusts nothing and writes nothing, so it may run beside the writing process, whose append under way is
 * not yet part of the log. Memory does not grow with the log.
 *
 * What it cannot see: that both files were put back together to an earlier state. Compare the head with one kept
 * elsewhere (`verifyConsistency`).
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
  const replayed = replayEntries(fd, head.value.size, ({ index, leaf }) => {
    if (faults.length === UNREADABLE_ENTRIES_MAX || readLeaf(leaf) !== undefined) return;
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
