import type { KeyObject } from 'node:crypto';
import type { Acknowledgement } from '../proto/codec/control-codec.ts';
import type { Step } from '../proto/codec/telemetry-codec.ts';
import { LEAST_PRIORITY, PRIORITIES, type Priority } from '../proto/words/priority.ts';
import type { RawFrame, RawImage } from '../proto/words/raw-frame.ts';
import { assert, type Result } from '../proto/words/result.ts';
import type { Clock, Instant } from '../proto/words/time.ts';
import { createHeldFrames } from './held-frames.ts';
import { createPendingFrames, type PendingFrames } from './pending-frames.ts';
import { createPictureQueue, type TreatPicture } from './picture-queue.ts';
import type { ActivePolicy } from './policy/policy-bundle.ts';
import type { SpoolFault, Spools } from './ports/spool.ts';
import type { PathPriorities } from './priorities.ts';
import { createRemovals } from './removals.ts';
import { type BatchOrder, type Spooled, spoolBatch } from './spool-batch.ts';
import type { SealedFrame } from './stages/inspect.ts';
import { passesBefore, runStages } from './stages/run-stages.ts';
import type { Draft, Removed, Stage } from './stages/stage.ts';

export interface AgentParts {
  readonly spools: Spools;
  readonly priorities: PathPriorities;
  readonly deviceKey: KeyObject;
  readonly clock: Clock;
  /** `source`: the time of the frames is the vehicle's time (a TCU whose frames carry GNSS time, or a replay). */
  readonly vehicleTime: 'system' | 'source';
  readonly chance: () => number;
  readonly stagesFor: (policy: ActivePolicy) => readonly Stage[];
  /** Decodes pictures and does what was ordered; without it no picture leaves. */
  readonly treatPicture?: TreatPicture;
  readonly onFault: (fault: SpoolFault) => void;
  /** New batches lie in the spool. */
  readonly onSpooled: () => void;
}

/** From raw frame to spooled batch. The way from there to the cloud is the drain's. */
export interface Agent {
  readonly usePolicy: (policy: ActivePolicy | undefined) => void;
  readonly take: (frame: RawFrame) => void;
  readonly takeMalformed: () => void;
  /** Counts what was kept back outside the stages. */
  readonly countRemoved: Removed;
  /** Seals what is pending of these priorities, or of all, and what was held back until now; called by timers and before stopping. */
  readonly flush: (priorities?: readonly Priority[]) => void;
  /** Resolves once all pictures taken in are treated; or drops them at once, counted. */
  readonly settlePictures: (waiting: 'treat' | 'drop') => Promise<void>;
  readonly acknowledge: (acknowledgement: Acknowledgement) => void;
  /** Whether a policy is in force at this moment. */
  readonly hasPolicy: () => boolean;
  /** Bytes of batches that went into the spool since the start. */
  readonly sealedBytes: () => number;
  readonly removals: () => Readonly<Record<string, number>>;
}

/** A frame dated further ahead of the system's clock than this is a wrong clock, and would end hold-backs early. */
export const FUTURE_TOLERANCE_MS = 600_000;

export function createAgent(parts: AgentParts): Agent {
  const { spools, priorities } = parts;
  const removals = createRemovals();
  const pending = new Map(PRIORITIES.map((priority) => [priority, createPendingFrames()] as const));
  const held = createHeldFrames(spools.of[LEAST_PRIORITY], parts.chance);
  let policy: ActivePolicy | undefined;
  let stages: readonly Stage[] = [];
  let steps: readonly Step[] = [];
  /** The spool could not be written: until the timer asks again, frames only wait. */
  let isBlocked = false;
  let vehicleNow = 0 as Instant;
  let sealedBytes = 0;

  const now = (): Instant => (parts.vehicleTime === 'system' ? parts.clock.now() : vehicleNow);

  const hasPolicy = (): boolean => policy !== undefined && parts.clock.now() < policy.expiresAt;

  const usePolicy = (next: ActivePolicy | undefined): void => {
    if (next !== undefined && next.id === policy?.id && next.version === policy.version) return;
    pictures.usePolicy(next?.sensors);
    flush();
    // What the spool did not take was inspected under the old policy, and may not leave under the name of another.
    for (const waiting of pending.values()) {
      removals.add('spool-full', waiting.count());
      waiting.removeFirst(waiting.count());
    }
    isBlocked = false;
    policy = next;
    stages = next === undefined ? [] : parts.stagesFor(next);
    steps = stages.map(({ name, parameters }) => ({ stage: name, parameters }));
  };

  const spool = (order: Omit<BatchOrder, 'steps'>): Result<Spooled, SpoolFault> => {
    const spooled = spoolBatch({ ...order, steps }, { ...parts, removals });
    if (spooled.ok) sealedBytes += spooled.value.bytes;
    else parts.onFault(spooled.fault);
    return spooled;
  };

  const flushWaiting = (priority: Priority, waiting: PendingFrames): void => {
    while (policy !== undefined && !isBlocked && waiting.count() > 0) {
      const frames = waiting.firstBatch();
      const spooled = spool({ spool: spools.of[priority], policy, frames, released: [] });
      isBlocked = !spooled.ok && spooled.fault.code === 'SPOOL_UNAVAILABLE';
      if (isBlocked) return;
      if (!spooled.ok) removals.add('spool-full', frames.length);
      waiting.removeFirst(spooled.ok ? spooled.value.frames : frames.length);
    }
  };

  const flushHeld = (): void => {
    const refused = held.store();
    if (refused !== undefined) parts.onFault(refused);
    if (policy === undefined || !hasPolicy()) return;
    const due = held.release(policy, now());
    if (due.length === 0) return;
    const [frames, released] = [due.map(({ frame }) => frame), due.map(({ id }) => id)];
    const spooled = spool({ spool: spools.of[LEAST_PRIORITY], policy, frames, released });
    assert(!spooled.ok || spooled.value.frames === frames.length, 'a batch holds all rows that are released at once');
  };

  function flush(priorities: readonly Priority[] = PRIORITIES): void {
    isBlocked = false;
    for (const [priority, waiting] of pending) if (priorities.includes(priority)) flushWaiting(priority, waiting);
    if (!isBlocked) flushHeld();
    parts.onSpooled();
  }

  const keep = (frame: SealedFrame): void => {
    // Whatever is held back at all goes by the spool, also when its time has passed: it may not share a batch with signals.
    const priority = priorities.of(frame.content);
    const waiting = pending.get(priority);
    const isKept = frame.notBefore === undefined ? waiting?.add(frame) : held.add(frame);
    if (isKept !== true) removals.add('spool-full', 1);
    if (waiting?.fillsBatch() && !isBlocked) flush([priority]);
  };

  const seal = (draft: Draft): void => {
    if (policy === undefined || !hasPolicy()) removals.add('no-policy', 1);
    else for (const sealed of runStages(stages, policy, draft, removals.add)) keep(sealed);
  };

  const passes = (image: RawImage): boolean => passesBefore('imagery-', stages, image, removals.add);
  const pictures = createPictureQueue(parts.treatPicture, passes, seal, removals.add);

  return {
    usePolicy,
    flush,
    settlePictures: pictures.settle,
    take: (frame) => {
      if (frame.at > parts.clock.now() + FUTURE_TOLERANCE_MS) return removals.add('time-in-future', 1);
      if (frame.at > vehicleNow) vehicleNow = frame.at;
      if (frame.kind === 'image' && hasPolicy()) pictures.take(frame, now());
      else for (const part of priorities.separate(frame)) seal(part);
    },
    takeMalformed: () => removals.add('source-malformed', 1),
    countRemoved: removals.add,
    acknowledge: ({ epoch, ranges }) => {
      const spool = PRIORITIES.map((priority) => spools.of[priority]).find((one) => one.epoch === epoch);
      for (const { firstSequence, count } of ranges) spool?.acknowledge(firstSequence, count);
    },
    sealedBytes: () => sealedBytes,
    hasPolicy,
    removals: removals.totals,
  };
}
