import type { Acknowledgement } from '../../proto/codec/control-codec.ts';
import type { SpooledBatch } from './spool.ts';

/** The way to the cloud. It carries signed batches and nothing else. */
export interface Uplink {
  /** Hands a batch over; says nothing about whether it arrived. Only `onAcknowledged` does. */
  send(batch: SpooledBatch): void;
  /** Closes the connection and opens it again: for a session that claims to be up and acknowledges nothing. */
  reconnect(): void;
  close(): Promise<void>;
}

export interface UplinkEvents {
  readonly onConnected: () => void;
  readonly onDisconnected: (cause: string) => void;
  readonly onAcknowledged: (acknowledgement: Acknowledgement) => void;
}
