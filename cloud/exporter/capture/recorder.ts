import { fail, ok, type Result } from '../../../proto/words/result.ts';
import type { Clock, Instant } from '../../../proto/words/time.ts';
import { EVENT_HEAD_BYTES, type EventKind, type NewEvent, splitIntoEvents } from '../../capture/event.ts';
import { BLOCK_BYTES_MAX } from '../../capture/segment.ts';
import { EMPTY_TALLY, type Tally } from '../../capture/tally.ts';
import { type ExporterFault, errorCode, exporterFault } from '../exporter-fault.ts';
import type { SegmentsWriter } from './segment-writer.ts';

export interface RecorderOptions {
  readonly segments: SegmentsWriter;
  readonly tally: { readonly add: (event: NewEvent) => void; readonly now: () => Tally };
  readonly clock: Clock;
  /** Longest time that one write may take; what is late counts as not recorded. */
  readonly lateMs: number;
  /** Told once, with the first fault; after it nothing is recorded any more. */
  readonly onFault: (fault: ExporterFault) => void;
}

export type RecordedBytes = Uint8Array | readonly Uint8Array[];

/** Records what happens on one connection. Whatever comes while a write is under way goes into the next one. */
export interface Recorder {
  /**
   * Resolves `ok` only once the event is durable, with all before it. Bytes longer than an event are split; they may not change before.
   *
   * @param bytes - in one or several parts
   */
  readonly record: (kind: EventKind, bytes?: RecordedBytes, at?: Instant) => Promise<Result<undefined, ExporterFault>>;
  readonly fault: () => ExporterFault | undefined;
  /** The connection is over: whatever still says good-bye on it is not recorded, and so goes nowhere. */
  readonly close: () => void;
  /** Of what is durable. */
  readonly tally: () => Tally;
  /** Waits for a write that is under way, and no longer than one may take. @returns false when it is still at it */
  readonly settle: () => Promise<boolean>;
}

interface Waiting {
  readonly event: NewEvent;
  readonly done: (result: Result<undefined, ExporterFault>) => void;
}

/** Blocks that are sealed and not durable: one that the disk is at, and a full one that waits for it. */
const UNDER_WAY_MAX = 2;

export function createRecorder(options: RecorderOptions): Recorder {
  const { segments, tally, clock, lateMs } = options;
  const waiting: Waiting[] = [];
  let waitingBytes = 0;
  let underWay = 0;
  let through: Promise<void> = Promise.resolve();
  let fault: ExporterFault | undefined;
  let isClosed = false;
  let durable = EMPTY_TALLY;
  let last = 0;

  const giveUp = (why: ExporterFault): void => {
    if (fault === undefined) options.onFault(why);
    fault ??= why;
  };

  /** Nothing counts as recorded without all that was before it. */
  const settle = async (batch: readonly Waiting[], written: Promise<void>, before: Promise<void>): Promise<void> => {
    const after = tally.now();
    const timer = setTimeout(() => giveUp(exporterFault('CAPTURE_LATE', `${lateMs} ms`)), lateMs);
    try {
      await before;
      await written;
      durable = after;
    } catch (cause) {
      giveUp(unwritable(cause));
      throw cause;
    } finally {
      clearTimeout(timer);
      underWay -= 1;
      for (const { done } of batch) done(fault === undefined ? ok(undefined) : fail(fault));
      pump();
    }
  };

  const start = (): void => {
    const batch = takeBatch(waiting);
    const events = batch.map(({ event }) => event);
    for (const event of events) {
      tally.add(event);
      waitingBytes -= EVENT_HEAD_BYTES + event.length;
    }
    underWay += 1;
    const written = segments.write(events, tally.now());
    through = settle(batch, written, through);
    // Who waits for an event is told by its own promise.
    for (const promise of [written, through]) promise.catch(() => undefined);
  };

  const pump = (): void => {
    while (fault === undefined && waiting.length > 0) {
      // Whatever comes while the disk is at a block goes into the next one, which is sealed ahead only when it is full.
      const mayStart = underWay === 0 || (underWay < UNDER_WAY_MAX && waitingBytes >= BLOCK_BYTES_MAX);
      if (!mayStart) return;
      start();
    }
    for (const { done } of waiting.splice(0)) if (fault !== undefined) done(fail(fault));
  };

  const add = (event: NewEvent): Promise<Result<undefined, ExporterFault>> => {
    if (fault !== undefined || isClosed)
      return Promise.resolve(fail(fault ?? exporterFault('CAPTURE_UNWRITABLE', 'over')));
    return new Promise((done) => {
      waiting.push({ event, done });
      waitingBytes += EVENT_HEAD_BYTES + event.length;
      pump();
    });
  };

  return {
    record: async (kind, bytes = [], at = clock.now()) => {
      // A clock that was set back would put an answer before its question.
      last = Math.max(last, at);
      const parts = bytes instanceof Uint8Array ? [bytes] : bytes;
      const results = await Promise.all(splitIntoEvents(kind, last as Instant, parts).map(add));
      return results.find((result) => !result.ok) ?? ok(undefined);
    },
    fault: () => fault,
    close: () => {
      isClosed = true;
    },
    tally: () => durable,
    settle: () =>
      inTime(
        through.catch(() => undefined),
        lateMs,
      ),
  };
}

/** Code of the error that is thrown by who keeps account of the room for captures. */
export const NO_ROOM = 'CAPTURE_FULL';

function unwritable(cause: unknown): ExporterFault {
  const code = errorCode(cause);
  return code === NO_ROOM ? exporterFault('CAPTURE_FULL') : exporterFault('CAPTURE_UNWRITABLE', code);
}

function takeBatch(waiting: Waiting[]): readonly Waiting[] {
  let bytes = 0;
  let count = 0;
  for (const { event } of waiting) {
    bytes += EVENT_HEAD_BYTES + event.length;
    if (count > 0 && bytes > BLOCK_BYTES_MAX) break;
    count += 1;
  }
  return waiting.splice(0, count);
}

async function inTime(work: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const inTime = await Promise.race([work.then(() => true), late]);
  clearTimeout(timer);
  return inTime;
}
