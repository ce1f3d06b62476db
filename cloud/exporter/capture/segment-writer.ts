import { createHash, type Hash, type KeyObject, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeEvents, type NewEvent } from '../../capture/event.ts';
import {
  BLOCK_ROOM_BYTES,
  digestOf,
  encodeHead,
  type SegmentHead,
  type SegmentKey,
  sealBlock,
  sealSegmentKey,
  segmentFile,
} from '../../capture/segment.ts';
import type { Tally } from '../../capture/tally.ts';
import { syncDirectory } from '../atomic-file.ts';
import { writeWhole } from '../write-whole.ts';

export interface SegmentsOptions {
  readonly directory: string;
  readonly publicKey: KeyObject;
  /** A segment that has reached it is followed by another. */
  readonly segmentBytes: number;
  readonly about: Omit<SegmentHead, 'segment' | 'part' | 'previous' | 'sealedTo' | 'key'>;
  /** Head of the chain of connections. */
  readonly previous: string;
  /** Of `SEGMENTS_MAX`, which it is without. */
  readonly segmentsMax?: number | undefined;
  /** Takes room on the disk for bytes that are about to be written, or throws. */
  readonly reserve: (bytes: number) => void;
}

export interface FinishedSegment {
  readonly sha256: string;
  readonly bytes: number;
}

/** The segments of one connection, one after the other. */
export interface SegmentsWriter {
  /**
   * Resolves once the events are durable. Called again before that, it seals what it is given while the disk is at the block before, and
   * writes it only once that one is durable.
   *
   * @throws the system's error; then nothing more is written
   */
  readonly write: (events: readonly NewEvent[], tally: Tally) => Promise<void>;
  /** Waits for what is being written, closes the last segment and gives all of them in order; nothing is written after. */
  readonly finish: () => Promise<readonly FinishedSegment[]>;
}

/**
 * Segments of one connection, at most: the entry of its end in the log names each, and an entry has its limit. Whoever has more to send goes
 * on over another connection.
 */
export const SEGMENTS_MAX = 4_096;

/** The owner writes, the group may read what only the private key opens. */
const FILE_MODE = 0o640;
const DATA_KEY_BYTES = 32;

interface Current {
  readonly handle: FileHandle;
  readonly sealing: SegmentKey;
  /** Bytes and hash of what is durable. */
  bytes: number;
  hash: Hash;
  /** Of what is sealed, durable or not. */
  sealedBytes: number;
  blocks: number;
}

interface Sealed {
  readonly segment: Current;
  readonly block: Buffer;
  readonly room: Buffer;
}

export function createSegments(options: SegmentsOptions): SegmentsWriter {
  const finished: FinishedSegment[] = [];
  /** Rooms of blocks that are durable: a new one for each would leave the collector a gigabyte for each that is sent. */
  const rooms: Buffer[] = [];
  let current: Current | undefined;
  let sealed: Promise<unknown> = Promise.resolve();
  let durable: Promise<void> = Promise.resolve();

  const close = async (segment: Current): Promise<void> => {
    current = undefined;
    // What a write that failed left behind belongs to no block.
    await segment.handle.truncate(segment.bytes).finally(() => segment.handle.close());
    finished.push({ sha256: segment.hash.digest('hex'), bytes: segment.bytes });
  };

  const sealNext = async (events: readonly NewEvent[], tally: Tally, before: Promise<void>): Promise<Sealed> => {
    if (current !== undefined && current.sealedBytes >= options.segmentBytes) {
      await before;
      await close(current);
    }
    if (current === undefined && finished.length >= (options.segmentsMax ?? SEGMENTS_MAX))
      throw Object.assign(new Error('a connection of too many segments'), { code: 'EFBIG' });
    current ??= await begin(options, finished.length + 1, finished.at(-1)?.sha256);
    const segment = current;
    const room = rooms.pop() ?? Buffer.allocUnsafe(BLOCK_ROOM_BYTES);
    const block = sealBlock(segment.sealing, segment.blocks, tally, encodeEvents(events), room);
    options.reserve(block.length);
    segment.sealedBytes += block.length;
    segment.blocks += 1;
    return { segment, block, room };
  };

  return {
    write: (events, tally) => {
      const before = durable;
      const next = sealed.then(() => sealNext(events, tally, before));
      sealed = next;
      durable = Promise.all([next, before]).then(async ([made]) => {
        await put(made);
        rooms.push(made.room);
      });
      // Whoever called hears of it; the next call follows on it all the same.
      for (const promise of [next, durable]) promise.catch(() => undefined);
      return durable;
    },
    finish: async () => {
      await Promise.allSettled([sealed, durable]);
      if (current !== undefined) await close(current);
      return finished;
    },
  };
}

/** Hashes a block while the disk is at it. */
async function put({ segment, block }: Sealed): Promise<void> {
  const writing = writeWhole(segment.handle, block, segment.bytes);
  const hash = segment.hash.copy().update(block);
  await writing;
  segment.hash = hash;
  segment.bytes += block.length;
}

async function begin(options: SegmentsOptions, part: number, before: string | undefined): Promise<Current> {
  const { directory, publicKey, about } = options;
  const key = randomBytes(DATA_KEY_BYTES);
  const sealed = sealSegmentKey(publicKey, key);
  const head = encodeHead({ segment: 1, ...about, part, previous: before ?? options.previous, ...sealed });
  options.reserve(head.length);
  // Each write returns once the disk has it: an fsync by itself is refused under Node's permission model (cloud/log/durable-file.ts).
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_DSYNC;
  const handle = await open(join(directory, segmentFile(about.connection, part)), flags, FILE_MODE);
  try {
    await writeWhole(handle, head, 0);
    await syncDirectory(directory);
  } catch (cause) {
    await handle.close();
    throw cause;
  }
  const hash = createHash('sha256').update(head);
  const sealing = { key, headDigest: digestOf(head) };
  return { handle, sealing, hash, bytes: head.length, sealedBytes: head.length, blocks: 0 };
}
