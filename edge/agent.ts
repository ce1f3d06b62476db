import type { KeyObject } from 'node:crypto';
import type { Acknowledgement } from '../proto/codec/control-codec.ts';
import type { Step } from '../proto/codec/telemetry-codec.ts';
import { LEAST_PRIORITY, PRIORITIES, type Priority } from '../proto/words/priority.ts';
import type { RawFrame, RawImage } from '../proto/words/raw-frame.ts';
import { assert } from '../proto/words/result.ts';
import { type Clock, DAY_MS, type Instant } from '../proto/words/time.ts';
import type { UpdateReport } from '../proto/words/update.ts';
import { type BatchWriter, createBatchWriter } from './batch-writer.ts';
import { createFixQueue, type FixQueue } from './fix-queue.ts';
import { createHeldFrames } from './held-frames.ts';
import { createPendingFrames, type PendingFrames } from './pending-frames.ts';
import { createPictureQueue, type PictureQueue, type TreatPicture } from './picture-queue.ts';
import type { ActivePolicy } from './policy/policy-bundle.ts';
import type { ConfidentialityProcessor } from './ports/confidentiality.ts';
import type { Spool, SpoolFault, Spools } from './ports/spool.ts';
import type { PathPriorities } from './priorities.ts';
import { createRemovals } from './removals.ts';
import { type Basis, cabinConsents, isOfPositions, pictureFor } from './stages/basis.ts';
import type { SealedFrame } from './stages/inspect.ts';
import { passesBefore, runStages } from './stages/run-stages.ts';
import type { Draft, Removed, Stage } from './stages/stage.ts';

export interface AgentParts {
  readonly spools: Spools;
  /** Bytes that the spool may hold; without it no batch tells how full it is. */
  readonly spoolSize?: number;
  readonly priorities: PathPriorities;
  readonly deviceKey: KeyObject;
  readonly clock: Clock;
  /** `source`: the time of the frames is the vehicle's time (a TCU whose frames carry GNSS time, or a replay). */
  readonly vehicleTime: 'system' | 'source';
  readonly chance: () => number;
  readonly stagesFor: (policy: ActivePolicy) => readonly Stage[];
  /** Decodes pictures and does what was ordered; without it no picture leaves. */
  readonly treatPicture?: TreatPicture;
  /** State-recognised processing that every fix has to go through; absent where none is configured. */
  readonly confidentiality?: ConfidentialityProcessor | undefined;
  readonly onFault: (fault: SpoolFault) => void;
  /** New batches lie in the spool. */
  readonly onSpooled: () => void;
}

/** From raw frame to spooled batch. The way from there to the cloud is the drain's. */
export interface Agent {
  readonly usePolicy: (policy: ActivePolicy | undefined) => void;
  readonly take: (frame: RawFrame) => void;
  readonly takeMalformed: () => void;
  /** Reports how far a software update is, through the stages like everything that leaves. */
  readonly report: (report: UpdateReport) => void;
  /**
   * Lets go of what waits in memory and rests on a consent that holds no more; gives how many frames and pictures.
   *
   * @param isOver - no other consent to the purpose holds: what was gathered for it and not offered yet goes as well
   */
  readonly letGo: (goes: (basis: Basis) => boolean, purpose: string, isOver: boolean) => number;
  /** Vehicle time, as hold-backs and consents have it. */
  readonly now: () => Instant;
  /** Counts what was kept back outside the stages. */
  readonly countRemoved: Removed;
  /** Seals what is pending of these priorities, or of all, and what was held back until now; called by timers and before stopping. */
  readonly flush: (priorities?: readonly Priority[]) => void;
  /** Resolves once all pictures and fixes taken in are treated; or drops them at once, counted. */
  readonly settlePictures: (waiting: 'treat' | 'drop') => Promise<void>;
  readonly acknowledge: (acknowledgement: Acknowledgement) => void;
  /** Whether a policy is in force at this moment. */
  readonly hasPolicy: () => boolean;
  /** As the batch writer tells it. */
  readonly offlineDays: BatchWriter['offlineDays'];
  readonly removals: () => Readonly<Record<string, number>>;
}

/** A frame dated further ahead of the system's clock than this is a wrong clock, and would end hold-backs early. */
export const FUTURE_TOLERANCE_MS = 600_000;

/**
 * A frame dated further back than this is of a source that lost the time and counts from the day it was built. Sources keep
 * nothing for a week; what the spool keeps was taken in before.
 */
export const PAST_TOLERANCE_MS = 7 * DAY_MS;

const EVERY_FRAME = (): boolean => true;

export function createAgent(parts: AgentParts): Agent {
  const { spools, priorities } = parts;
  const removals = createRemovals();
  const batches = createBatchWriter(parts, removals);
  const pending = new Map(PRIORITIES.map((priority) => [priority, createPendingFrames()] as const));
  const held = createHeldFrames(spools.of[LEAST_PRIORITY], parts.chance);
  let policy: ActivePolicy | undefined;
  let stages: readonly Stage[] = [];
  let steps: readonly Step[] = [];
  /** The spool could not be written: until the timer asks again, frames only wait. */
  let isBlocked = false;
  let vehicleNow = 0 as Instant;

  const now = (): Instant => (parts.vehicleTime === 'system' ? parts.clock.now() : vehicleNow);
  const hasPolicy = (): boolean => policy !== undefined && parts.clock.now() < policy.expiresAt;

  const usePolicy = (next: ActivePolicy | undefined): void => {
    if (next !== undefined && next.id === policy?.id && next.version === policy.version) return;
    pictures.usePolicy(next?.sensors, next === undefined ? undefined : () => cabinConsents(next));
    removals.add('confidentiality-stopped', fixes?.remove() ?? 0);
    flush();
    // What the spool did not take was inspected under the old policy, and may not leave under the name of another.
    for (const waiting of pending.values()) removals.add('spool-full', waiting.remove(EVERY_FRAME));
    isBlocked = false;
    policy = next;
    stages = next === undefined ? [] : parts.stagesFor(next);
    steps = stages.map(({ name, parameters }) => ({ stage: name, parameters }));
  };

  const flushWaiting = (spool: Spool, waiting: PendingFrames): void => {
    while (policy !== undefined && !isBlocked && waiting.count() > 0) {
      const frames = waiting.firstBatch();
      const stored = batches.put(spool, policy, steps, frames);
      isBlocked = !stored.ok && stored.fault.code === 'SPOOL_UNAVAILABLE';
      if (isBlocked) return;
      if (!stored.ok) removals.add('spool-full', frames.length);
      const gone = new Set(stored.ok ? frames.slice(0, stored.value) : frames);
      waiting.remove((frame) => gone.has(frame));
    }
  };

  const flushHeld = (): void => {
    const refused = held.store();
    if (refused !== undefined) parts.onFault(refused);
    if (policy === undefined || !hasPolicy()) return;
    const due = held.release(policy, now());
    if (due.length === 0) return;
    const [frames, released] = [due.map(({ frame }) => frame), due.map(({ id }) => id)];
    const stored = batches.put(spools.of[LEAST_PRIORITY], policy, steps, frames, released);
    assert(!stored.ok || stored.value === frames.length, 'a batch holds all rows that are released at once');
  };

  function flush(priorities: readonly Priority[] = PRIORITIES): void {
    isBlocked = false;
    for (const [priority, waiting] of pending)
      if (priorities.includes(priority)) flushWaiting(spools.of[priority], waiting);
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

  const letGo: Agent['letGo'] = (goes, purpose, isOver) => {
    const pools = [held, ...pending.values()];
    const count = pools.reduce((sum, pool) => sum + pool.remove(({ basis }) => goes(basis)), 0);
    return isOver && policy !== undefined ? count + letGatheredGo(purpose, policy, { stages, pictures, fixes }) : count;
  };

  const passes = (image: RawImage): boolean => passesBefore('imagery-', stages, image, removals.add);
  const pictures = createPictureQueue(parts.treatPicture, passes, seal, removals.add);
  const fixes = parts.confidentiality && createFixQueue(parts.confidentiality, seal, removals.add);

  const take = (frame: RawFrame): void => {
    const isFuture = frame.at > parts.clock.now() + FUTURE_TOLERANCE_MS;
    const isPast = frame.at < now() - PAST_TOLERANCE_MS;
    if (!isFuture && frame.at > vehicleNow) vehicleNow = frame.at;
    if (isFuture || isPast) removals.add(isFuture ? 'time-in-future' : 'time-in-past', 1);
    else if (frame.kind === 'image' && hasPolicy()) pictures.take(frame, now());
    else {
      // As it came, a fix then only says where pictures may not be taken.
      if (frame.kind !== 'clock' || fixes === undefined) for (const part of priorities.separate(frame)) seal(part);
      if ((frame.kind === 'fix' || frame.kind === 'clock') && hasPolicy()) fixes?.take(frame);
    }
  };

  return {
    usePolicy,
    flush,
    settlePictures: (rest) => settleAll([pictures, fixes], rest),
    take,
    letGo,
    now,
    takeMalformed: () => removals.add('source-malformed', 1),
    report: (content) => seal({ kind: 'candidate', content }),
    countRemoved: removals.add,
    hasPolicy,
    acknowledge: acknowledgeTo(spools),
    offlineDays: batches.offlineDays,
    removals: removals.totals,
  };
}

function acknowledgeTo(spools: Spools): Agent['acknowledge'] {
  return ({ epoch, ranges }) => {
    const spool = PRIORITIES.map((priority) => spools.of[priority]).find((one) => one.epoch === epoch);
    for (const { firstSequence, count } of ranges) spool?.acknowledge(firstSequence, count);
  };
}

async function settleAll(
  queues: readonly (Pick<PictureQueue, 'settle'> | undefined)[],
  rest: 'treat' | 'drop',
): Promise<void> {
  for (const queue of queues) await queue?.settle(rest);
}

interface Gathering {
  readonly stages: readonly Stage[];
  readonly pictures: PictureQueue;
  readonly fixes: FixQueue | undefined;
}

/** Of what was not offered yet only pictures and fixes have a number. */
function letGatheredGo(purpose: string, policy: ActivePolicy, { stages, pictures, fixes }: Gathering): number {
  for (const stage of stages) stage.forget?.(purpose);
  const gone = isOfPositions(purpose, policy) ? (fixes?.remove() ?? 0) : 0;
  return gone + pictures.remove(({ camera }) => pictureFor(camera, policy) === purpose);
}
