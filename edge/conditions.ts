import type { RawFrame } from '../proto/words/raw-frame.ts';

/** What the vehicle is known to be doing, for rules of upload; learned from raw signals, whether or not they may leave. */
export interface Conditions {
  readonly take: (frame: RawFrame) => void;
  /** Known to stand: told so, or at a speed of 0. */
  readonly isParked: () => boolean;
  /** Known to be on a link that costs nothing. */
  readonly isUnmetered: () => boolean;
}

const IS_MOVING = 'Vehicle.IsMoving';
const SPEED = 'Vehicle.Speed';

/** @param unmeteredPath - signal that is `true` on a link that costs nothing; VSS has none */
export function createConditions(unmeteredPath: string | undefined): Conditions {
  let isParked = false;
  let isUnmetered = false;
  return {
    take: (frame) => {
      if (frame.kind !== 'signals') return;
      const moving = frame.signals[IS_MOVING];
      const speed = frame.signals[SPEED];
      if (typeof moving === 'boolean') isParked = !moving;
      else if (typeof speed === 'number') isParked = speed === 0;
      const unmetered = unmeteredPath === undefined ? undefined : frame.signals[unmeteredPath];
      if (unmetered !== undefined) isUnmetered = unmetered === true;
    },
    isParked: () => isParked,
    isUnmetered: () => isUnmetered,
  };
}
