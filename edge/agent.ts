import type { KeyObject } from 'node:crypto';
import type { Acknowledgement } from '../proto/codec/control-codec.ts';
import type { Step } from '../proto/codec/telemetry-codec.ts';
import type { RawFrame } from '../proto/words/raw-frame.ts';
import type { Clock, Instant } from '../proto/words/time.ts';
import type { ActivePolicy } from './policy/policy-bundle.ts';
import type { Spool, SpoolFault } from './ports/spool.ts';
import { createRemovals } from './removals.ts';
import { BATCH_BYTES_MAX, BATCH_FRAMES_MAX, frameBytesMost, sealBatch } from './sealer.ts';
import type { SealedFrame } from './stages/inspect.ts';
import { runStages } from './stages/run-stages.ts';
import type { Stage } from './stages/stage.ts';

export interface AgentParts {
  readonly spool: Spool;
  readonly deviceKey: KeyObject;
  readonly clock: Clock;
  /** `source`: the time of the frames is the vehicle's time (a TCU whose frames carry GNSS time, or a replay). */
  readonly vehicleTime: 'system' | 'source';
  readonly chance: () => number;
  readonly stagesFor: (policy: ActivePolicy) => readonly Stage[];
  readonly onFault: (fault: SpoolFault) => void;
  /** New batches lie in the spool. */
  readonly onSpooled: () => void;
}

/** From raw frame to spooled batch. The way from there to the cloud is the drain's. */
export interface Agent {
  readonly usePolicy: (policy: ActivePolicy | undefined) => void;
  readonly take: (frame: RawFrame) => void;
  readonly takeMalformed: () => void;
  /** Seals what is pending and what was held back until now; called by a timer and before stopping. */
  readonly flush: () => void;
  readonly acknowledge: (acknowledgement: Acknowledgement) => void;
  readonly removals: () => Readonly<Record<string, number>>;
}

/** Sealed frames waiting for a spool that cannot be written; past that they are dropped and counted. */
const PENDING_FRAMES_MAX = 4_096;

/** Held frames sealed at a time. */
const RELEASE_MAX = BATCH_FRAMES_MAX;

/** A frame dated further ahead of the system's clock than this is a wrong clock, and would end hold-backs early. */
const FUTURE_TOLERANCE_MS = 600_000;

export function createAgent(parts: AgentParts): Agent {
  const { spool } = parts;
  const removals = createRemovals();
  let policy: ActivePolicy | undefined;
  let stages: readonly Stage[] = [];
  let steps: readonly Step[] = [];
  let pending: SealedFrame[] = [];
  let pendingBytes = 0;
  let held: SealedFrame[] = [];
  let vehicleNow = 0 as Instant;

  const now = (): Instant => (parts.vehicleTime === 'system' ? parts.clock.now() : vehicleNow);

  const usePolicy = (next: ActivePolicy | undefined): void => {
    if (next !== undefined && next.id === policy?.id && next.version === policy.version) return;
    flush();
    policy = next;
    stages = next === undefined ? [] : parts.stagesFor(next);
    steps = stages.map(({ name, parameters }) => ({ stage: name, parameters }));
  };

  /** Gives back whether the frames are durable or gone; false keeps them pending. */
  const spoolBatch = (frames: readonly SealedFrame[], released: readonly number[]): boolean => {
    if (policy === undefined) return false;
    const drops = spool.dropNotices();
    const header = {
      epoch: spool.epoch,
      firstSequence: spool.nextSequence(),
      policy,
      steps,
      removals: removals.pending(),
      drops,
    };
    const batch = sealBatch(header, frames, parts.deviceKey);
    const stored = spool.append({ batch, released, told: drops });
    if (stored.ok) {
      removals.told();
      return true;
    }
    parts.onFault(stored.fault);
    if (stored.fault.code === 'SPOOL_UNAVAILABLE' && frames.length < PENDING_FRAMES_MAX) return false;
    removals.add('spool-full', released.length === 0 ? frames.length : 0);
    return true;
  };

  const flushPending = (): void => {
    while (pending.length > 0) {
      const frames = pending.slice(0, BATCH_FRAMES_MAX);
      if (!spoolBatch(frames, [])) return;
      pending = pending.slice(frames.length);
    }
    pendingBytes = 0;
  };

  const flushHeld = (): void => {
    if (held.length > 0) {
      const kept = spool.hold(held);
      if (!kept.ok) parts.onFault(kept.fault);
      if (kept.ok || held.length >= PENDING_FRAMES_MAX) held = [];
    }
    if (policy === undefined) return;
    const due = shuffle(spool.due(now(), RELEASE_MAX), parts.chance);
    if (due.length > 0)
      spoolBatch(
        due.map(({ frame }) => frame),
        due.map(({ id }) => id),
      );
  };

  function flush(): void {
    flushPending();
    flushHeld();
    parts.onSpooled();
  }

  const keep = (frame: SealedFrame): void => {
    if (frame.notBefore !== undefined && frame.notBefore > now()) {
      held.push(frame);
      return;
    }
    pending.push(frame);
    pendingBytes += frameBytesMost(frame.content);
    if (pending.length >= BATCH_FRAMES_MAX || pendingBytes >= BATCH_BYTES_MAX - FRAME_BYTES_MAX) flush();
  };

  return {
    usePolicy,
    flush,
    take: (frame) => {
      if (frame.at > parts.clock.now() + FUTURE_TOLERANCE_MS) return removals.add('time-in-future', 1);
      if (frame.at > vehicleNow) vehicleNow = frame.at;
      if (policy === undefined || parts.clock.now() >= policy.expiresAt) return removals.add('no-policy', 1);
      for (const sealed of runStages(stages, policy, frame, removals.add)) keep(sealed);
    },
    takeMalformed: () => removals.add('source-malformed', 1),
    acknowledge: ({ epoch, ranges }) => {
      if (epoch !== spool.epoch) return;
      for (const { firstSequence, count } of ranges) spool.acknowledge(firstSequence, count);
    },
    removals: removals.totals,
  };
}

/** Room for one more frame of the largest kind the inspection lets through. */
const FRAME_BYTES_MAX = 40_000;

/** Rows that were held back leave in no order (Fisher-Yates). */
function shuffle<T>(values: readonly T[], chance: () => number): readonly T[] {
  const shuffled = [...values];
  for (let index = shuffled.length - 1; index > 0; index -= 1) {
    const other = Math.floor(chance() * (index + 1));
    const moved = shuffled[index] as T;
    shuffled[index] = shuffled[other] as T;
    shuffled[other] = moved;
  }
  return shuffled;
}
