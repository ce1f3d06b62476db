import type { CivilDate, Instant } from '../../proto/words/time.ts';

/** Asked for by a person, or due because a class of retention came to its end. */
export type DeletionCause = 'request' | 'retention';

export interface NewDeletion {
  readonly id: string;
  readonly cause: DeletionCause;
  readonly requestedAt: Instant;
  readonly requestedBy: string;
  /** Whose records; undefined for everybody's. */
  readonly deviceNumbers: readonly number[] | undefined;
  /** Id of a retention row; undefined for every class. */
  readonly retention: string | undefined;
  /** Only records of days before this one, as days since 1970-01-01. */
  readonly beforeDay: number | undefined;
  readonly reason: string;
  /** Last day on which it may be carried out, in Asia/Shanghai. */
  readonly due: CivilDate;
}

/** `begun`: keys may be gone already; carrying it out again brings it to its end. */
export type DeletionState = 'requested' | 'begun' | 'done';

export interface Deletion extends NewDeletion {
  readonly state: DeletionState;
  readonly doneAt: Instant | undefined;
  readonly keys: number;
  readonly records: number;
}

/** Deletions asked for and carried out. Every method is durable once it returns. */
export interface DeletionRegister {
  add(deletion: NewDeletion): void;
  begin(id: string): void;
  finish(id: string, done: { readonly at: Instant; readonly keys: number; readonly records: number }): void;
  /** Oldest first; `open` leaves out what is done. */
  list(which: 'all' | 'open'): readonly Deletion[];
  close(): void;
}
