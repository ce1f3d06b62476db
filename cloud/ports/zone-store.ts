import type { FrameContent } from '../../proto/codec/telemetry-codec.ts';
import type { Instant } from '../../proto/words/time.ts';
import type { KeyScope, StoredKey, StoredSession } from './key-vault.ts';
import type { LogPosition } from './ledger.ts';

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

/** A record with the class that says when it is deleted; one of a class that is not said is of `RETENTION_UNSAID`. */
export interface NewZoneRecord extends ZoneRecord {
  /** Id of a retention row. */
  readonly retention?: string;
  /** When it came; its class is counted from it where the content names no day. */
  readonly receivedAt?: Instant;
}

/** A data key that was destroyed, and whose it was. */
export interface DroppedKey {
  readonly id: number;
  readonly deviceNumber: number;
}

/** What stands in clear beside the sealed frames of one device, epoch, class, kind and day. The seal covers all of it. */
export interface SegmentHead extends KeyScope {
  readonly key: number;
  /** Number of the seal under the key. */
  readonly number: number;
  readonly epoch: number;
  /** Number of the kind in the file. */
  readonly kind: number;
  readonly first: number;
  readonly last: number;
  readonly count: number;
  /** Steps from one sequence to the next as a JSON list; null when each is 1. */
  readonly gaps: string | null;
  /** How many paths of the zone's list the frames count in; -1 when they bring a list of their own. */
  readonly paths: number;
}

/** Records under a seal that somebody else made, with what opens it under the zone's key: they can be read by themselves. */
export interface CarriedSegment {
  readonly head: SegmentHead;
  readonly sealed: Uint8Array;
  readonly key: StoredKey;
  readonly session: StoredSession;
}

/** Takes in what a record log carries, unopened. */
export interface CarriedZone {
  /** Durable once it returns, together with the position; what the zone holds is passed over. Gives how many records were new. */
  insertCarried(segments: readonly CarriedSegment[], upTo: LogPosition): number;
  positions(topic: string): readonly LogPosition[];
}

/** What may be known of a zone without its key: sequences, days, kinds and devices stand beside what is sealed. */
export interface ZoneWriter {
  /** Durable once it returns; a key it holds already in the same class is passed over. Gives how many were new. */
  insert(records: readonly NewZoneRecord[]): number;
  count(): number;
  /** Distinct devices with a record of a kind. */
  devices(kind: FrameContent['kind']): readonly number[];
  /** Deletes everything sealed under these data keys, durably and out of the file's bytes. Gives the number of records. */
  drop(keys: readonly DroppedKey[]): number;
  close(): void;
}

/** Only where the zone's key is. A record whose data key was destroyed is not given. */
export interface ZoneReader {
  /**
   * Records of signals, in no particular order; `to` is exclusive.
   *
   * @param isWanted - devices whose records are opened; without it all are
   */
  signals(from: Instant, to: Instant, isWanted?: (deviceNumber: number) => boolean): Iterable<ZoneRecord>;
  /** Trip rows, in no particular order. */
  trips(): Iterable<ZoneRecord>;
  /** Every record, in no particular order. */
  records(): Iterable<ZoneRecord>;
  /** Deletes records; durable once it returns. What shared a seal with them is sealed anew. */
  remove(keys: readonly RecordKey[]): void;
}

/** The records of one zone, in a file of its own. */
export interface ZoneStore extends ZoneWriter, ZoneReader, CarriedZone {}

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

/** Refused payloads that are no longer kept: `full` to make room, `age` because their time was over, `deleted` on request or by retention. */
export interface FallenEvidence {
  readonly cause: 'full' | 'age' | 'deleted';
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
  /** Frames that are held, by why they were refused. */
  byReason(): Readonly<Record<string, number>>;
  fallen(): readonly FallenEvidence[];
  /** As `ZoneWriter.drop`; gives the number of payloads. */
  drop(keys: readonly DroppedKey[]): number;
  close(): void;
}

/** Only where the key of the zone `quarantine` is. */
export interface QuarantineReader {
  /** In the order of their arrival. A payload whose data key was destroyed is not given. */
  payloads(): Iterable<QuarantinedPayload>;
}
