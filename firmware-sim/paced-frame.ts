import type { RawFrame } from '../proto/words/raw-frame.ts';
import type { Instant } from '../proto/words/time.ts';

/**
 * A frame and when it is due, in the unit of its vehicle's pace: vehicle time in ms for a synthetic drive, points of the
 * trace for a replay. Neither `due` nor `frame.at` ever falls within one vehicle.
 */
export interface PacedFrame {
  readonly due: number;
  readonly frame: RawFrame;
}

export function later(at: Instant, ms: number): Instant {
  return (at + ms) as Instant;
}
