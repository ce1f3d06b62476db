import type { Acknowledgement } from '../../proto/codec/control-codec.ts';
import type { Priority } from '../../proto/words/priority.ts';
import type { SpooledBatch } from './spool.ts';

/** Which queue a batch comes from. */
export interface Queue {
  readonly epoch: number;
  readonly priority: Priority;
}

/** The way to the cloud. It carries signed batches, asks for pieces of updates, and nothing else. */
export interface Uplink {
  /** Hands a batch over; says nothing about whether it arrived. Only `onAcknowledged` does. */
  send(batch: SpooledBatch, queue: Queue): void;
  /** Asks for a piece of a software update; it says nothing but which, and may be lost. Absent where nobody answers. */
  ask?(bytes: Uint8Array): void;
  /** Closes the connection and opens it again: for a session that claims to be up and acknowledges nothing. */
  reconnect(): void;
  close(): Promise<void>;
}

export interface UplinkEvents {
  readonly onConnected: () => void;
  readonly onDisconnected: (cause: string) => void;
  readonly onAcknowledged: (acknowledgement: Acknowledgement) => void;
  /** SignedPolicyBundle of proto/schema/control.proto, as the cloud sent it: nothing of it is checked yet. */
  readonly onPolicy: (bundle: Uint8Array) => void;
  /** UpdateDownlink of proto/schema/update.proto, as the cloud sent it; without a listener it is let go. */
  readonly onUpdate?: (message: Uint8Array) => void;
}
