import type { Concerned } from '../registers/entry-index.ts';
import type { RegisterEntry } from '../registers/kind.ts';

export type { Concerned } from '../registers/entry-index.ts';

/** What is asked of the registers. */
export interface RegisterLook {
  find(kind: string, id: string): RegisterEntry | undefined;
  /** By id; withdrawn entries too. */
  list(kind: string): readonly RegisterEntry[];
  /**
   * Entries of a kind that name the dataset, or the recipient with the purpose; at most `CONCERNING_MAX`, those that name
   * all of it first. Of a kind that names no datasets, all.
   */
  concerning(kind: string, of: Concerned): readonly RegisterEntry[];
  count(kind: string): number;
  holdersOf(kind: string, number: string): readonly string[];
}

/** The registers as they stand: a view of the operations log, which can make it again. */
export interface RegisterStore extends RegisterLook {
  /** As they stand now, for whoever asks more than one thing before anything else happens: asked once whether they have changed. */
  look(): RegisterLook;
  /** Durable once it returns. `logIndex` is where the change stands in the operations log; a known one is passed over. */
  apply(entry: RegisterEntry, logIndex: number): void;
  /** The same for changes that stand one after the other in the log: all of them, or none. */
  applyAll(entries: readonly RegisterEntry[], firstIndex: number): void;
  /** Index of the last entry of the operations log that was looked at, -1 for none. */
  appliedTo(): number;
  /** Where changes of an entry stand in the operations log, newest first. @param before - only what stands below it */
  changesOf(kind: string, id: string, before: number, limit: number): readonly number[];
  close(): void;
}

/** Documents by their hash, each written once. */
export interface DocumentStore {
  /** Durable once it returns; gives the SHA-256. */
  keep(bytes: Uint8Array): string;
  /** Undefined for a document that is not there whole. */
  read(sha256: string): Uint8Array | undefined;
  /** What lies there now: `changed` when its bytes no longer have this hash. */
  state(sha256: string): 'whole' | 'changed' | 'absent';
}
