import type { RawSignals } from '../../proto/words/raw-frame.ts';
import { DAY_MS, type Instant } from '../../proto/words/time.ts';
import { later } from '../paced-frame.ts';
import type { Prng } from '../prng.ts';

/** Power modes of a vehicle, by the words of VSS. */
export const POWER_MODES = ['LOCK', 'OFF', 'ACC', 'ON', 'START'] as const;
export type PowerMode = (typeof POWER_MODES)[number];

export const SYSTEM_STATE = 'Vehicle.LowVoltageSystemState';

/** A TCU's clock: a crystal that drifts while power is there, and what it falls back to when it is not. */
export interface TcuClock {
  /** What the TCU takes for the time at a true time. */
  readonly read: (at: Instant) => Instant;
  /** A fix or the network tells the time. */
  readonly sync: (at: Instant) => void;
  /** Power was gone: until it is synchronised the clock counts from the day the firmware was built. */
  readonly lose: (at: Instant) => void;
}

export function startClock(prng: Prng, at: Instant): TcuClock {
  const drift = prng.normal() * DRIFT;
  let [trueAt, shown] = [at as number, at as number];
  const read = (now: Instant) => Math.round(shown + (now - trueAt) * (1 + drift)) as Instant;
  const set = (now: Instant, to: number) => {
    [trueAt, shown] = [now, to];
  };
  return { read, sync: (now) => set(now, now), lose: (now) => set(now, now - BUILT_BEFORE_MS) };
}

/** The frames of getting in: locked, open, accessories, on, start; one second each, dated by the TCU's own clock. */
export function* ignitionFrames(clock: TcuClock, at: Instant): Generator<RawSignals> {
  for (const [second, mode] of POWER_MODES.entries())
    yield { kind: 'signals', at: clock.read(later(at, second * 1_000)), signals: { [SYSTEM_STATE]: mode } };
}

/** 20 parts in a million: a second and a half a day. */
const DRIFT = 20e-6;
const BUILT_BEFORE_MS = 200 * DAY_MS;
