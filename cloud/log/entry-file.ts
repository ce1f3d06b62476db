import { ftruncateSync } from 'node:fs';
import { assert } from '../../proto/words/result.ts';
import { LEAF_BYTES_MAX } from './leaf.ts';
import { readInto } from './read-at.ts';

/**
 * `entries.log`: for each entry four bytes of length, big-endian, and the leaf. It only ever grows; what one interrupted
 * append left behind the last signed entry is the single thing that is ever cut off.
 */
export const ENTRIES_FILE = 'entries.log';

/** Bytes of the length before each leaf. */
export const LENGTH_BYTES = 4;

/** Most entries and bytes of one append; also the most that a crash can leave beyond the signed tree head. */
export const ENTRIES_PER_APPEND_MAX = 16_384;
export const APPEND_BYTES_MAX = 16_777_216;

/** What is read from the disk at a time; a longer entry gets a window of its own length. */
const WINDOW_BYTES = 65_536;

/** One whole entry, or the place where there is none: `cut` by the end of the file, or `malformed` by its length. */
export type Frame =
  | { readonly kind: 'whole'; readonly end: number; readonly leaf: Uint8Array }
  | { readonly kind: 'cut' }
  | { readonly kind: 'malformed' };

/** The bytes of an append: every leaf behind its length. */
export function frameLeaves(leaves: readonly Uint8Array[]): Buffer {
  const parts = leaves.flatMap((leaf) => {
    assert(isLeafLength(leaf.length), 'a leaf is neither empty nor above its limit');
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32BE(leaf.length);
    return [length, leaf];
  });
  return Buffer.concat(parts);
}

/**
 * Reads entries in order, with memory that does not grow with the file. Ends after the last whole entry, or after one
 * step that says why there is no next one.
 *
 * `leaf` is a view that the next step overwrites; copy it to keep it.
 *
 * @param from - offset in bytes at which an entry begins
 * @throws the system error of a failed read
 */
export function* walkFrames(fd: number, from: number): Generator<Frame, void> {
  const window = openWindow(fd, from);
  for (;;) {
    if (!window.has(1)) return;
    const length = window.has(LENGTH_BYTES) ? window.uint32() : undefined;
    if (length !== undefined && !isLeafLength(length)) return yield { kind: 'malformed' };
    if (length === undefined || !window.has(LENGTH_BYTES + length)) return yield { kind: 'cut' };
    const leaf = window.take(LENGTH_BYTES, length);
    yield { kind: 'whole', end: window.offset(), leaf };
  }
}

/**
 * Cuts the file back to its first `bytes` bytes. It needs no sync: a cut that a crash undoes shows unsigned entries again,
 * and every later append brings the cut to the disk with its own bytes.
 */
export function cutBack(fd: number, bytes: number): void {
  ftruncateSync(fd, bytes);
}

function isLeafLength(length: number): boolean {
  return length > 0 && length <= LEAF_BYTES_MAX;
}

/** A stretch of the file in memory that moves forward. */
function openWindow(fd: number, from: number) {
  let window = Buffer.allocUnsafe(WINDOW_BYTES);
  let start = from;
  let filled = 0;
  let at = 0;

  const refill = (bytes: number) => {
    const rest = window.subarray(at, filled);
    const target = bytes > window.length ? Buffer.allocUnsafe(bytes) : window;
    rest.copy(target);
    window = target;
    start += at;
    at = 0;
    filled = rest.length + readInto(fd, window.subarray(rest.length), start + rest.length);
  };

  return {
    /** Whether that many bytes follow. */
    has: (bytes: number) => {
      if (filled - at < bytes) refill(bytes);
      return filled - at >= bytes;
    },
    uint32: () => window.readUInt32BE(at),
    /** Passes over some bytes and gives those that follow. */
    take: (over: number, bytes: number) => {
      at += over + bytes;
      return window.subarray(at - bytes, at);
    },
    offset: () => start + at,
  };
}
