import type { FrameContent } from '../../proto/codec/telemetry-codec.ts';
import type { Instant } from '../../proto/words/time.ts';

/** Where a record came from, and so what makes it one record however often it is sent. */
export interface RecordKey {
  readonly deviceNumber: number;
  readonly epoch: number;
  readonly sequence: number;
}

export interface ZoneRecord {
  readonly key: RecordKey;
  readonly content: FrameContent;
}

/** The records of one zone, in a file of its own. */
export interface ZoneStore {
  /** Durable once it returns; a key it holds already is passed over. Gives how many were new. */
  insert(records: readonly ZoneRecord[]): number;
  count(): number;
  /** Records of signals, in no particular order; `to` is exclusive. */
  signals(from: Instant, to: Instant): Iterable<ZoneRecord>;
  /** Trip rows, in no particular order. */
  trips(): Iterable<ZoneRecord>;
  /** Deletes records; durable once it returns. */
  remove(keys: readonly RecordKey[]): void;
  /** Distinct devices with a record of a kind. */
  devices(kind: FrameContent['kind']): readonly number[];
  close(): void;
}

/** A payload that was refused, kept at home with the reason. */
export interface QuarantinedPayload {
  readonly deviceNumber: number;
  readonly receivedAt: Instant;
  readonly reason: string;
  /** Frames in it that were not held already, as far as that is known. */
  readonly frames: number;
  readonly payload: Uint8Array;
}

export interface Quarantine {
  /** Durable once it returns; the same payload of the same device is kept once. Gives how many frames were new. */
  insert(payloads: readonly QuarantinedPayload[]): number;
  count(): number;
  close(): void;
}
