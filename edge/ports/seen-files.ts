/**
 * Which files of a directory were read, over restarts: their digests, since whoever named a file may have put a place into
 * its name.
 */
export interface SeenFiles {
  has(digest: Uint8Array): boolean;
  /** Durable once it returns; past its limit the oldest are forgotten. */
  add(digests: readonly Uint8Array[]): void;
}
