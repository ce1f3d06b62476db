import type { BenchFleet } from './fleet.ts';
import type { ForgeOrder } from './forge.ts';

/** What the load process is told, one message after the other. */
export type LoadOrder = { readonly order: 'prepare'; readonly fleet: BenchFleet; readonly forge: ForgeOrder } | LoadRun;

export interface LoadRun {
  readonly order: 'run';
  readonly port: number;
  /** `plain`: messages of 300 bytes without content, again and again. `batches`: the signed ones, from the first on. */
  readonly messages: 'plain' | 'batches';
  /** `twice`: each message is sent once and is done when PUBACK and acknowledgement are there. `puback`: again and again. */
  readonly until: 'puback' | 'twice';
  readonly inFlight: number;
  readonly warmUpMs: number;
  readonly windowMs: number;
}

/** What the load process says. */
export type LoadReport =
  | { readonly report: 'prepared'; readonly payloadBytes: number; readonly frameBytes: number }
  | { readonly report: 'window-opens' }
  | { readonly report: 'window-closes' }
  | { readonly report: 'done'; readonly result: LoadResult };

export interface LoadResult {
  /** Messages done within the window, and its length. */
  readonly messages: number;
  readonly windowMs: number;
  /** Messages done from first to last. */
  readonly messagesInAll: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU time of the load process over the window, in cores. */
  readonly cores: number;
  /** The messages ran out before the window was over. */
  readonly isShort: boolean;
}
