import type { UpdateReason, UpdateState } from '../../proto/words/update.ts';

/** The campaign that the vehicle is at, or was at last. */
export interface UpdateJob {
  /** UpdateDownlink of proto/schema/update.proto, as it was accepted. */
  readonly offer: Uint8Array;
  readonly state: UpdateState;
  readonly reason: UpdateReason;
  readonly step: number;
  /** Version that the ECU ran when it was last asked. */
  readonly version: number;
  /** How often the image was written into a slot. */
  readonly writes: number;
  /** The new version was not in health: it goes back, whatever it says later. */
  readonly isCondemned: boolean;
}

export interface UpdateStore {
  held(): UpdateJob | undefined;
  /** Durable once it returns. @throws the store's error */
  keep(job: UpdateJob): void;
}
