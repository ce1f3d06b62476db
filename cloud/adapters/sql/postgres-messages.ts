import type { MessagePort } from 'node:worker_threads';
import type { SqlValue } from './sql-database.ts';

/** Where the database is, and what it is spoken to with. */
export interface PostgresSettings {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string | undefined;
  /** Schema of the tables. */
  readonly schema: string;
  /** PEM; undefined speaks without encryption, which the configuration has to say. */
  readonly tls: { readonly ca: string; readonly cert?: string; readonly key?: string } | undefined;
  /** Address ranges in the mainland; an address of no range is not connected to. */
  readonly domesticRanges: readonly string[];
}

/** One statement with its values. A statement with a name is parsed once by a connection. */
export interface Step {
  readonly name?: string;
  readonly text: string;
  readonly values: readonly SqlValue[];
}

export interface StepResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SqlValue[])[];
  /** Rows changed or read. */
  readonly count: number;
  /** What was done, as the server calls it: `COMMIT`, or `ROLLBACK` for a commit that could not be. */
  readonly command: string;
}

/** Steps that are sent at once and answered at once. The first that fails ends them, and a transaction that is open. */
export interface Request {
  readonly id: number;
  readonly steps: readonly Step[];
  /** The connection that a transaction was begun on; no other will do. */
  readonly session: number | undefined;
}

export type Answer =
  | { readonly id: number; readonly session: number; readonly results: readonly StepResult[] }
  | { readonly id: number; readonly failure: DatabaseFailure };

/**
 * Why a request came to nothing. `lost` and `late`: whether a commit went through is unknown. Texts hold nothing of what is
 * stored.
 */
export interface DatabaseFailure {
  readonly kind: 'refused' | 'unreachable' | 'lost' | 'late' | 'statement';
  /** SQLSTATE, or one of ours. */
  readonly code: string;
  readonly text: string;
}

export interface ThreadData {
  readonly settings: PostgresSettings;
  readonly port: MessagePort;
  /** One word: set to 1 once an answer is there. */
  readonly signal: Int32Array<SharedArrayBuffer>;
}

/** How long a connection may take to come about, and a statement on the server: less than whoever asked waits. */
export const CONNECT_MS_MAX = 3_000;
export const STATEMENT_MS_MAX = 8_000;
export const REQUEST_MS_MAX = 12_000;
