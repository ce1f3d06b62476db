import { closeSync, constants, fsyncSync, openSync, writeSync } from 'node:fs';
import { assert } from '../../proto/words/result.ts';

// The exporter writes its log under Node's permission model, which refuses fsyncSync and fdatasyncSync outright, with no
// right that could be granted, and an append is synchronous. So files are opened such that each write returns only once
// the disk has it, and names alone need a sync of their own.

/** The owner writes, the group may verify, nobody else reads. */
export const FILE_MODE = 0o640;

/** Opens a file that exists, to read it and to append to its end: a write returns once bytes and length are on the disk. */
export function openForAppend(path: string): number {
  return openSync(path, constants.O_RDWR | constants.O_APPEND | constants.O_DSYNC);
}

/** Writes a file anew; returns once its bytes are on the disk. Its name may not be. */
export function writeDurably(path: string, bytes: Uint8Array): void {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_DSYNC;
  withFile(path, flags, (fd) => writeWhole(fd, bytes, null));
}

/**
 * Writes bytes that a file already holds over themselves, so that a reader sees no change, and returns once they and all
 * that is known of the file are on the disk: for what an earlier process may have left in memory only.
 *
 * @param at - offset in bytes
 */
export function rewriteDurably(path: string, bytes: Uint8Array, at: number): void {
  withFile(path, constants.O_WRONLY | constants.O_SYNC, (fd) => writeWhole(fd, bytes, at));
}

/**
 * Makes the names in a directory durable.
 *
 * @returns false where the permission model does not let a directory be synced
 * @throws the system error of a sync that was allowed and failed
 */
export function syncNames(directory: string): boolean {
  try {
    withFile(directory, constants.O_RDONLY, fsyncSync);
    return true;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_ACCESS_DENIED') return false;
    throw cause;
  }
}

/**
 * Writes all bytes, however many calls the system needs.
 *
 * @param at - offset in bytes, or null for the place where the file's own flags put it
 */
export function writeWhole(fd: number, bytes: Uint8Array, at: number | null): void {
  let written = 0;
  // Each turn writes at least one byte or throws, so the number of turns is bounded by the length.
  while (written < bytes.length) {
    const count = writeSync(fd, bytes, written, bytes.length - written, at === null ? null : at + written);
    assert(count > 0, 'a write that does not fail makes progress');
    written += count;
  }
}

export function withFile<T>(path: string, flags: number, use: (fd: number) => T): T {
  const fd = openSync(path, flags, FILE_MODE);
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
}
