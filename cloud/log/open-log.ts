import { createPublicKey, type KeyObject } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { LogLeaf } from '../../proto/codec/transfer-codec.ts';
import { assert, fail, ok, type Result } from '../../proto/words/result.ts';
import type { Clock } from '../../proto/words/time.ts';
import { type LogSigner, signCheckpoint, type TreeHead } from './checkpoint.ts';
import {
  CHECKPOINT_FILE,
  CHECKPOINT_STAGING_FILE,
  replaceCheckpointFile,
  syncNewDirectories,
} from './checkpoint-file.ts';
import { FILE_MODE, openForAppend } from './durable-file.ts';
import { ENTRIES_FILE } from './entry-file.ts';
import { attempt, type LogFault, logCorrupt, logExists, logMissing } from './faults.ts';
import type { NewEntry } from './leaf.ts';
import { EMPTY_ROOT } from './merkle.ts';
import type { NumberedLeaf } from './reader.ts';
import { recover } from './recover.ts';
import { isKeyName } from './signed-note.ts';
import type { TileTerms } from './tile-terms.ts';
import { createWriter } from './writer.ts';

export type { TreeHead } from './checkpoint.ts';
export type { LogFault } from './faults.ts';
export type { NewEntry } from './leaf.ts';

/** An append-only, tamper-evident log with exactly one writing process. */
export interface OpenLog {
  /**
   * Records entries, in order and together: all of them or none.
   *
   * Returns `ok` only once they are durable: on the disk themselves, and after that under a signed tree head that is on
   * the disk and in its place. On any failure nothing counts as recorded, and every later append first brings the disk
   * back to the last acknowledged state or fails too. One case remains: when only the very last step failed, the entries
   * stay in the log although the fault was returned, as they do after a crash at that moment.
   *
   * Faults: LOG_UNAVAILABLE (disk), LOG_LIMIT (too many, too long), LOG_CORRUPT (somebody else wrote the files).
   */
  readonly append: (entries: readonly NewEntry[]) => Result<Appended, LogFault>;
  readonly head: () => TreeHead;
  /** One entry, by its index from 0. Faults: LOG_NO_ENTRY, LOG_CORRUPT, LOG_UNAVAILABLE. */
  readonly read: (index: number) => Result<LogLeaf, LogFault>;
  /** Entries in order, from an index (default 0) up to the head as it is now. Throws if the file was damaged since. */
  readonly entries: (from?: number) => Iterable<NumberedLeaf>;
  /** Those of one kind alone: tiles without one are passed over. */
  readonly entriesOfKind: (kind: string, from: number) => Iterable<NumberedLeaf>;
  readonly terms: TileTerms;
  readonly close: () => void;
}

export interface Appended {
  /** Index of the first new entry, from 0; the others follow without a gap. */
  readonly firstIndex: number;
  /** 32 bytes each, in the order of the entries. */
  readonly leafHashes: readonly Uint8Array[];
  readonly head: TreeHead;
}

export interface LogOptions {
  readonly directory: string;
  /** Names the log in its tree heads, e.g. `tongguan.example/operations`: no spaces, no plus sign. Never changes. */
  readonly origin: string;
  /** Ed25519, private. */
  readonly signingKey: KeyObject;
  readonly clock: Clock;
}

/**
 * Begins a log in an empty or absent directory and opens it. Refuses to initialise over anything; only what a crash during
 * this same call leaves (no entries, no tree head) counts as empty.
 *
 * Faults: LOG_EXISTS, LOG_UNAVAILABLE.
 */
export function createLog(options: LogOptions): Result<OpenLog, LogFault> {
  const directory = resolve(options.directory);
  const created = attempt(directory, () => createFiles(directory, signerOf(options)));
  return created.ok ? openLog(options) : created;
}

/**
 * Opens a log that exists, after holding its tiles and last entries against the signed tree head; `recover` says what a crash
 * may have left and how it is settled. A wrong path is a fault, not an empty log.
 *
 * Faults: LOG_MISSING, LOG_CORRUPT, LOG_UNAVAILABLE.
 */
export function openLog(options: LogOptions): Result<OpenLog, LogFault> {
  const directory = resolve(options.directory);
  const signer = signerOf(options);
  return attempt(directory, () => {
    const absence = findAbsence(directory);
    if (absence !== undefined) return fail(absence);
    const fd = openForAppend(join(directory, ENTRIES_FILE));
    let isHandedOver = false;
    try {
      const recovered = recover({ directory, fd, signer });
      if (!recovered.ok) return recovered;
      isHandedOver = true;
      return ok(createWriter(recovered.value, recovered.value.state, options.clock));
    } finally {
      if (!isHandedOver) closeSync(fd);
    }
  });
}

/** Why there is no log to open here, or undefined when both of its files are there. */
export function findAbsence(directory: string): LogFault | undefined {
  const entries = statSync(join(directory, ENTRIES_FILE), { throwIfNoEntry: false });
  const hasCheckpoint = existsSync(join(directory, CHECKPOINT_FILE));
  if (hasCheckpoint) return entries === undefined ? logCorrupt(directory, 'entries-absent') : undefined;
  return entries === undefined || entries.size === 0
    ? logMissing(directory)
    : logCorrupt(directory, 'checkpoint-absent');
}

/** The tree head comes last: from then on there is a log. */
function createFiles(directory: string, signer: LogSigner): Result<undefined, LogFault> {
  const created = mkdirSync(directory, { recursive: true });
  const entriesPath = join(directory, ENTRIES_FILE);
  const isLeftover = (name: string) =>
    name === CHECKPOINT_STAGING_FILE || (name === ENTRIES_FILE && statSync(entriesPath).size === 0);
  if (!readdirSync(directory).every(isLeftover)) return fail(logExists(directory));

  closeSync(openSync(entriesPath, 'a', FILE_MODE));
  replaceCheckpointFile(directory, signCheckpoint({ size: 0, rootHash: EMPTY_ROOT }, signer));
  // The directory may be one that a crash left in the middle of this call, not yet durable, so its name is synced in any case.
  syncNewDirectories(directory, created ?? directory);
  return ok(undefined);
}

function signerOf({ origin, signingKey }: LogOptions): LogSigner {
  assert(isKeyName(origin), 'the origin of a log has no space, plus sign or control character');
  assert(signingKey.asymmetricKeyType === 'ed25519' && signingKey.type === 'private', 'a log is signed with Ed25519');
  return { origin, signingKey, publicKey: createPublicKey(signingKey) };
}
