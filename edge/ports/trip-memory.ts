import type { Wgs84Position } from '../../proto/words/position.ts';
import type { TripState } from '../trips/trip.ts';

/** What the position stage knows between two fixes. */
export interface TripRecord {
  readonly state: TripState;
  /** Where the vehicle last stood; undefined until it has stood somewhere, once after an installation. */
  readonly parked: Wgs84Position | undefined;
}

/** The trip in hand, kept on the vehicle so that a power cut does not cost it. Nothing of it leaves. */
export interface TripMemory {
  /**
   * @param policy - id and version: what was driven under another policy is not published under this one, so of another
   *   only the parked place is given
   */
  recall(policy: string): TripRecord;
  /** Takes note at once, and writes when `commit` is called and something is due. */
  keep(policy: string, record: TripRecord): void;
}
