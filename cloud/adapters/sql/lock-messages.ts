import type { MessagePort } from 'node:worker_threads';
import type { PostgresSettings } from './postgres-messages.ts';

/** What the thread that holds the lock of who leads is begun with. */
export interface LockThreadData {
  readonly settings: PostgresSettings;
  readonly port: MessagePort;
  /** One word, which whoever leads looks at before everything that only a leader does: 1 while the lock is ours. */
  readonly held: Int32Array<SharedArrayBuffer>;
  /** Shown to administrators of the server, and to `tongguan doctor`. */
  readonly host: string;
}

export interface LockRequest {
  readonly id: number;
  readonly wish: 'take' | 'release';
}

/** `isHeld` after a request; `lost` at any time, once a lock that was held is surely or possibly not ours any more. */
export type LockAnswer =
  | { readonly id: number; readonly isHeld: boolean }
  | { readonly id: number; readonly failure: string }
  | { readonly lost: string };

/** How often the lock is asked after, and how long the server may take to say that it is ours. */
export const LOCK_LOOK_MS = 1_000;
export const LOCK_ANSWER_MS_MAX = 4_000;
/** The server ends a session that it has not heard of for so long: later than whoever held it has stopped. */
export const LOCK_SILENCE_S_MAX = 15;
