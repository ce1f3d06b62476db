import type { Clock, Instant } from '../../proto/words/time.ts';
import type { World } from './world.ts';

/** The clock of one machine: wrong at times, and set right, forwards and back, in the middle of whatever is being done. */
export interface MachineClock extends Clock {
  /** @param ms - how far it is off from now on; below zero: behind */
  readonly set: (ms: number) => void;
}

/** By how much a clock is off when somebody sets it wrong, milliseconds. */
const OFF_MS = [-1_800_000, -90_000, 0, 0, 5_000, 240_000, 3_600_000];

export function createMachineClock(world: World): MachineClock {
  let offMs = 0;
  return {
    now: () => (world.now() + offMs) as Instant,
    set: (ms) => {
      offMs = ms;
    },
  };
}

export const wrongBy = (world: World): number => world.chance.of(OFF_MS);
