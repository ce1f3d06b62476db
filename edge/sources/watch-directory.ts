import { createHash } from 'node:crypto';
import { constants, statSync } from 'node:fs';
import { type FileHandle, open, opendir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Instant } from '../../proto/words/time.ts';
import type { FrameSource, FrameSourceEvents } from '../ports/frame-source.ts';
import type { SeenFiles } from '../ports/seen-files.ts';
import { unreadableSource } from './source-fault.ts';

export interface WatchedDirectory {
  readonly directory: string;
  /** Whether a file is for this source, by its name. */
  readonly accepts: (name: string) => boolean;
  readonly bytesMax: number;
  /** What becomes of a file that was read. */
  readonly after: 'delete' | 'leave';
  readonly pollMs: number;
  /** What `leave` has read, over restarts; without it every file is read again after one. */
  readonly seen?: SeenFiles | undefined;
}

/** A file as it was found. Its name is not passed on into frames, since whoever made it may have written anything there. */
export interface FoundFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** When it was last written. */
  readonly at: Instant;
}

/** Entries looked at in one round; a directory that nobody empties may hold more, and those wait. */
const ENTRIES_MAX = 65_536;

/** Files read in one round. */
const FILES_MAX = 64;

/**
 * Looks into a directory time and again and takes each file once, oldest name first. A file comes by being renamed into
 * place, whole; names that begin with a dot are still being written. What is no plain file (a link, a pipe) is passed over.
 *
 * @param take - false when the file is not what it should be
 */
export function watchDirectory(
  watched: WatchedDirectory,
  take: (file: FoundFile) => boolean,
  events: Pick<FrameSourceEvents, 'onMalformed' | 'onFault'>,
): Result<FrameSource, Fault> {
  try {
    if (!statSync(watched.directory).isDirectory()) throw new Error('it is no directory');
  } catch (cause) {
    return fail(unreadableSource('path', cause));
  }
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let round: Promise<void> = Promise.resolve();
  const rounds = roundsOf(watched, take, events, () => closed);
  const again = (): void => {
    if (closed) return;
    round = rounds().finally(() => {
      timer = setTimeout(again, watched.pollMs);
      if (closed) clearTimeout(timer);
    });
  };
  again();
  return ok({
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await round;
    },
  });
}

/** One round; what it remembers is never more than the directory holds. */
function roundsOf(
  { directory, accepts, bytesMax, after, seen }: WatchedDirectory,
  take: (file: FoundFile) => boolean,
  events: Pick<FrameSourceEvents, 'onMalformed' | 'onFault'>,
  isClosed: () => boolean,
): () => Promise<void> {
  /** Files that were read and are still there. */
  let known = new Set<string>();
  let isTold = false;
  const tell = (cause: unknown): void => {
    if (!isTold) events.onFault(unreadableSource('path', cause));
    isTold = true;
  };
  /** Of this round; they are kept at its end, so that a crash repeats a round and loses none of it. */
  let digests: Uint8Array[] = [];
  const isSeen = (found: FoundFile): boolean => {
    if (seen === undefined || after !== 'leave') return false;
    const digest = createHash('sha256').update(`${found.name}\0`).update(found.bytes).digest();
    if (seen.has(digest)) return true;
    digests.push(digest);
    return false;
  };
  const takeOne = async (name: string): Promise<void> => {
    const file = join(directory, name);
    const found = await readFound(file, name, bytesMax);
    if (found === 'no-file') return void known.add(name);
    if (found === 'unreadable') events.onMalformed();
    else if (!isSeen(found) && !take(found)) events.onMalformed();
    known.add(name);
    if (after === 'leave') return;
    // The system's words would name the file, and whoever made it may have put a place into its name.
    await rm(file).then(
      () => known.delete(name),
      (cause: NodeJS.ErrnoException) => tell(new Error(`a file cannot be deleted: ${cause.code}`)),
    );
  };
  return async () => {
    try {
      const names = await namesIn(directory, accepts);
      const there = new Set(names);
      known = new Set([...known].filter((name) => there.has(name)));
      const fresh = names.filter((name) => !known.has(name)).sort();
      digests = [];
      for (const name of fresh.slice(0, FILES_MAX)) if (!isClosed()) await takeOne(name);
      seen?.add(digests);
      if (known.size === 0 || after === 'leave') isTold = false;
    } catch (cause) {
      tell(cause);
    }
  };
}

async function namesIn(directory: string, accepts: (name: string) => boolean): Promise<readonly string[]> {
  const names: string[] = [];
  let seen = 0;
  for await (const { name } of await opendir(directory)) {
    seen += 1;
    if (seen > ENTRIES_MAX) break;
    if (!name.startsWith('.') && accepts(name)) names.push(name);
  }
  return names;
}

async function readFound(file: string, name: string, bytesMax: number): Promise<FoundFile | 'no-file' | 'unreadable'> {
  let handle: FileHandle | undefined;
  try {
    // A link would lead the agent, and its rights, to any file; a pipe would keep it waiting.
    handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = await handle.stat();
    const { size, mtimeMs } = stats;
    if (!stats.isFile()) return 'no-file';
    if (size > bytesMax || size === 0) return 'unreadable';
    const bytes = Buffer.alloc(size);
    const { bytesRead } = await handle.read(bytes, 0, size, 0);
    return { name, bytes: bytes.subarray(0, bytesRead), at: Math.floor(mtimeMs) as Instant };
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'ELOOP' ? 'no-file' : 'unreadable';
  } finally {
    await handle?.close();
  }
}
