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
  /** Whether the device's own key signed it, so that an agent may have sealed its frames. */
  readonly isSealed?: boolean;
  readonly payload: Uint8Array;
}

/** How much refused evidence is kept. Ingest is never stopped for it. */
export interface QuarantineLimits {
  readonly bytesMax: number;
  readonly ageMsMax: number;
}

/** Refused payloads that are no longer kept: `full` to make room, `age` because their time was over. */
export interface FallenEvidence {
  readonly cause: 'full' | 'age';
  /** Why they had been refused. */
  readonly reason: string;
  readonly payloads: number;
  readonly frames: number;
  /** Of these frames, those that a device had signed. */
  readonly sealed: number;
  readonly bytes: number;
}

export interface Quarantine {
  /**
   * Durable once it returns; the same payload of the same device is kept once. Past the limit of bytes others fall out.
   * Gives how many frames were new.
   */
  insert(payloads: readonly QuarantinedPayload[]): number;
  /** Lets fall what is too old. */
  expire(now: Instant): void;
  /** Frames ever refused, those that fell out included. */
  count(): number;
  /** Of these, those whose payload the device had signed. */
  sealedCount(): number;
  held(): { readonly frames: number; readonly bytes: number };
  fallen(): readonly FallenEvidence[];
  close(): void;
}
