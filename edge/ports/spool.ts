import type { DropNotice } from '../../proto/codec/telemetry-codec.ts';
import type { Fault } from '../../proto/words/fault.ts';
import type { Priority } from '../../proto/words/priority.ts';
import type { Result } from '../../proto/words/result.ts';
import type { Instant } from '../../proto/words/time.ts';
import type { SealedFrame } from '../stages/inspect.ts';

/** A signed batch as it lies in the spool. */
export interface SpooledBatch {
  readonly firstSequence: number;
  readonly count: number;
  /** SignedBatch of proto/schema/telemetry.proto. */
  readonly bytes: Uint8Array;
}

export interface AppendedBatch {
  readonly batch: SpooledBatch;
  /** When it was sealed, by the system's clock; its age counts from here. */
  readonly sealedAt: Instant;
  /** Held frames that the batch now carries. */
  readonly released: readonly number[];
  /** Drop notices that the batch now carries. */
  readonly told: readonly DropNotice[];
  /** What its frames rest on; without it the batch goes with whatever is withdrawn first. */
  readonly basis?: BatchBasis;
}

/** Ids of purpose and consent; the consent is empty where the purpose needs none. */
export interface BatchBasis {
  readonly purpose: string;
  readonly consent: string;
}

/** A consent that holds no more. */
export interface EndedConsent {
  readonly purpose: string;
  /** Only what rests on this one; absent: on any to the purpose. */
  readonly consent?: string;
  readonly cause: 'consent-withdrawn' | 'consent-ended';
  /** Frames and pictures that were let go before they came into the spool. */
  readonly letGo: number;
  /** Tell the cloud also where nothing is deleted. */
  readonly isNews: boolean;
  /** Done in the same transaction, or not at all. */
  readonly alongside: () => void;
}

/** A sealed frame that may not be batched yet. */
export interface HeldFrame {
  readonly id: number;
  readonly frame: SealedFrame;
}

export type SpoolFault = Fault<'SPOOL_FULL' | 'SPOOL_UNAVAILABLE'>;

/**
 * What happens when `maxSize` is reached; names as in Greengrass stream manager. `OverwriteOldestData` gives up the oldest
 * of the least priority, and never anything of a higher one than what comes in.
 */
export type StrategyOnFull = 'RejectNewData' | 'OverwriteOldestData';

/** Why frames lost their place in the spool, as told in-band. */
export type DropCause = 'spool-full' | 'expired' | EndedConsent['cause'];

/** The queues of one vehicle, one a priority, in one file and under one bound of size. */
export interface Spools {
  readonly of: Readonly<Record<Priority, Spool>>;
  /** Deletes batches sealed before the moment given for their priority, and notes each as expired. */
  expire(before: Partial<Readonly<Record<Priority, Instant>>>): Result<number, SpoolFault>;
  /**
   * Deletes everything that rests on a consent and was not acknowledged, and puts a statement of that, which holds counts
   * only, among the held frames: all of it at once, or nothing.
   *
   * @returns frames that were deleted
   */
  removeUnder(ended: EndedConsent): Result<number, SpoolFault>;
  /** Consents that anything in the spool rests on. */
  consents(): readonly BatchBasis[];
  status(): SpoolStatus;
  close(): void;
}

/** Bounded, durable queue on the vehicle. What it took, only an acknowledgement of the cloud takes out again. */
export interface Spool {
  /** Random number drawn when this queue was made; sequences count within it. */
  readonly epoch: number;
  /** Sequence the next frame will have. */
  nextSequence(): number;
  /** Durable, all or nothing, once it returns ok. */
  append(appended: AppendedBatch): Result<void, SpoolFault>;
  /** Keeps frames until their time; durable once it returns ok. */
  hold(frames: readonly SealedFrame[]): Result<void, SpoolFault>;
  /** Held frames whose time has come. */
  due(now: Instant, limit: number): readonly HeldFrame[];
  /** Batches after a sequence, oldest first. */
  read(afterSequence: number, limit: number): readonly SpooledBatch[];
  /**
   * Deletes a whole batch that the cloud has acknowledged; gives the number of frames. 0 for a range that is no batch, and
   * when the file cannot be written: the batch is then sent and acknowledged once more.
   */
  acknowledge(firstSequence: number, count: number): number;
  /** Frames that were given up and of which the cloud has not been told yet. */
  dropNotices(): readonly DropNotice[];
  /** Bytes that wait, and when the oldest of them was sealed. */
  waiting(): { readonly bytes: number; readonly oldestAt: Instant | undefined };
}

export interface SpoolStatus {
  readonly framesWaiting: number;
  readonly framesHeld: number;
  readonly bytes: number;
}
