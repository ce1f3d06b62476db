import type { Instant } from '../proto/words/time.ts';
import { BATCH_ROWS_MAX } from './batch-room.ts';
import { PENDING_FRAMES_MAX } from './pending-frames.ts';
import type { ActivePolicy } from './policy/policy-bundle.ts';
import type { HeldFrame, Spool, SpoolFault } from './ports/spool.ts';
import { firstBatch } from './sealer.ts';
import { isSameBasis } from './stages/basis.ts';
import { inspect, type SealedFrame } from './stages/inspect.ts';
import type { Candidate } from './stages/stage.ts';

/** Frames that may not be sealed yet: in memory until the next flush, then in the spool until their time has come. */
export interface HeldFrames {
  /** False when there is no room: the frame is then gone. */
  readonly add: (frame: SealedFrame) => boolean;
  /** Lets go of what is in memory; gives how many there were. What lies in the spool is the spool's. */
  readonly remove: (isUnwanted: (frame: SealedFrame) => boolean) => number;
  /** Writes what is in memory to the spool; what the spool refuses waits on. */
  readonly store: () => SpoolFault | undefined;
  /** What may be sealed now, in no order: order and company of the rows would tell whose they are. */
  readonly release: (policy: ActivePolicy, now: Instant) => readonly HeldFrame[];
}

/** @param chance - in [0, 1), secret from everybody outside the vehicle */
export function createHeldFrames(spool: Spool, chance: () => number): HeldFrames {
  let inMemory: SealedFrame[] = [];
  return {
    add: (frame) => {
      if (inMemory.length >= PENDING_FRAMES_MAX) return false;
      inMemory.push(frame);
      return true;
    },
    remove: (isUnwanted) => {
      const before = inMemory.length;
      inMemory = inMemory.filter((frame) => !isUnwanted(frame));
      return before - inMemory.length;
    },
    store: () => {
      if (inMemory.length === 0) return undefined;
      const held = spool.hold(inMemory);
      if (!held.ok) return held.fault;
      inMemory = [];
      return undefined;
    },
    release: (policy, now) => {
      // They were inspected under the policy of their day, and the one in force may allow less.
      const allowed = spool.due(now, BATCH_ROWS_MAX).flatMap(({ id, frame }) => {
        const again = inspect(candidateOf(frame), policy);
        return again === undefined ? [] : [{ id, frame: again }];
      });
      const [first, ...others] = shuffle(allowed, chance);
      // Rows and cells share no batch: side by side, a row would tell of its trip's cells.
      const alike = others.filter(({ frame }) => first !== undefined && mayShareBatch(frame, first.frame));
      const due = first === undefined ? [] : [first, ...alike];
      return due.slice(0, firstBatch(due.map(({ frame }) => frame)).length);
    },
  };
}

function candidateOf({ content, basis, notBefore }: SealedFrame): Candidate {
  const recognised = basis.attestation === undefined ? {} : { recognised: basis.attestation.id };
  return { kind: 'candidate', content, ...recognised, ...(notBefore === undefined ? {} : { notBefore }) };
}

const mayShareBatch = (one: SealedFrame, other: SealedFrame): boolean =>
  one.content.kind === other.content.kind && isSameBasis(one.basis, other.basis);

/** Fisher-Yates. */
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
