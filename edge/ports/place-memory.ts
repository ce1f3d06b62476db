import type { Wgs84Position } from '../../proto/words/position.ts';

/** Margins by place, kept on the vehicle across restarts and updates. A fresh draw for a known place would average out. */
export interface PlaceMemory {
  /**
   * Margin of the place that a position belongs to; a new place gets its margin here, durably, before it is returned.
   *
   * @returns thousandths of the largest margin of the policy in force, or undefined when it cannot be remembered: then nothing of the trip may be published
   */
  marginAt(position: Wgs84Position): number | undefined;
}
