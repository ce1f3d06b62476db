import type { RawFrame } from '../proto/words/raw-frame.ts';
import type { Instant } from '../proto/words/time.ts';
import type { PacedFrame } from './paced-frame.ts';

/** One vehicle on its way: its frames, and how far wall time lets it go. */
export interface VehicleRun {
  /** Offers every frame that is due, until one is not taken; returns how many were. */
  readonly advance: (now: Instant, offer: (frame: RawFrame) => boolean) => number;
  /** Whether nothing is left to send at `now`: the drive is over, or has reached the present. */
  readonly isIdle: (now: Instant) => boolean;
  /** Time stamp of the last frame that was taken, or where the run was told to go on from. */
  readonly clock: () => Instant | undefined;
}

/** How far a vehicle may have come at a wall time, in the unit of `PacedFrame.due`. */
export type Pace = (now: Instant) => number;

/** Frames a vehicle sends at once at most, so that one vehicle cannot hold up the others. */
export const ROUND_FRAMES_MAX = 512;

/** Frames of an earlier run passed over in one round. */
export const PASSED_FRAMES_MAX = 1_000;

/**
 * @param frames - in order, see `PacedFrame`
 * @param paceFrom - the pace, given when the first frame to be sent would be due
 * @param resumeAfter - frames up to and at this instant were sent in an earlier run, and are passed over
 */
export function startRun(
  frames: Iterator<PacedFrame, void>,
  paceFrom: (firstDue: number) => Pace,
  resumeAfter: Instant | undefined,
): VehicleRun {
  const pull = () => frames.next().value ?? undefined;
  let pending = pull();
  let clock = resumeAfter;
  let pace: Pace | undefined;
  const wasSent = (paced: PacedFrame) => resumeAfter !== undefined && paced.frame.at <= resumeAfter;
  /** Passes over what an earlier run sent, a piece a round: months of it must not hold up the other vehicles. */
  const catchUp = () => {
    for (let passed = 0; passed < PASSED_FRAMES_MAX && pending !== undefined && wasSent(pending); passed += 1)
      pending = pull();
    if (pending === undefined || !wasSent(pending)) pace = paceFrom(pending?.due ?? 0);
  };

  return {
    advance: (now, offer) => {
      if (pace === undefined) catchUp();
      const horizon = pace?.(now) ?? Number.NEGATIVE_INFINITY;
      let taken = 0;
      // A time stamp in the future is never sent, whatever the pace says.
      while (pending !== undefined && pending.due <= horizon && pending.frame.at <= now && taken < ROUND_FRAMES_MAX) {
        if (!offer(pending.frame)) break;
        clock = pending.frame.at;
        pending = pull();
        taken += 1;
      }
      return taken;
    },
    isIdle: (now) => pending === undefined || pending.frame.at > now,
    clock: () => clock,
  };
}

/** A synthetic drive: `speed` times real time until it has caught up with the present, then real time. */
export function syntheticPace(startedAt: Instant, speed: number, firstDue: number): Pace {
  return (now) => Math.min(firstDue + (now - startedAt) * speed, now);
}

/** A trace: the same number of points in each second of wall time, whatever the points' own times. */
export function tracePace(startedAt: Instant, pointsPerMs: number, firstDue: number): Pace {
  return (now) => firstDue + (now - startedAt) * pointsPerMs;
}

/** As fast as the frames are taken. */
export function unpaced(): Pace {
  return () => Number.POSITIVE_INFINITY;
}
