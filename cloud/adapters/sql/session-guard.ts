import type { DatabaseFailure, Step } from './postgres-messages.ts';

/** Keeps a process that leads from asking anything once it leads no more, and the server from doing it when it asks all the same. */
export interface SessionGuard {
  /** Looked at before every request: why nothing may be asked any more. */
  readonly over: () => DatabaseFailure | undefined;
  /** Stands before everything that changes something, in its transaction; undefined before there is one. */
  readonly fence: () => Step | undefined;
  /** From here on nothing is asked. The first reason stays. */
  readonly giveUp: (failure: DatabaseFailure) => void;
}

export const NO_GUARD: SessionGuard = { over: () => undefined, fence: () => undefined, giveUp: () => undefined };

/** SQLSTATE by which the fence refuses; `lead_in_term` of the schema raises it. */
export const NOT_LEADING = 'TG001';
/** Of a commit that nobody answered. */
export const COMMIT_UNKNOWN = 'commit-unknown';
/** Of a ledger that holds more than this process knows, or another process writes. */
export const LEDGER_NOT_OURS = 'ledger-not-ours';

export const fenceOf = (term: number): Step => ({
  name: 'fence',
  text: 'SELECT lead_in_term($1)',
  values: [term],
});
