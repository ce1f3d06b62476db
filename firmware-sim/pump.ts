import type { Clock, Instant } from '../proto/words/time.ts';
import type { Outlet } from './outlet.ts';
import type { VehicleRun } from './vehicle-run.ts';

export interface PumpOptions {
  readonly runs: readonly VehicleRun[];
  readonly outlet: Outlet;
  readonly clock: Clock;
  /** Resolves after so many ms of wall time, or at once when the simulator is to stop. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly isStopped: () => boolean;
  /** End once every vehicle is idle; without it the vehicles stay connected and go on in real time. */
  readonly endsWhenIdle: boolean;
  /** Leave no pause between rounds in which something was sent. */
  readonly isUnpaced: boolean;
  /** Called before the frames of a round leave. */
  readonly onMoved: () => void;
  readonly onRound: (round: { readonly now: Instant; readonly done: boolean }) => void;
}

/** Moves every vehicle on in turn, round after round, until stopped. Time is read once a round. */
export async function pump(options: PumpOptions): Promise<void> {
  const { runs, outlet, clock } = options;
  const roundMs = Math.max(ROUND_MS_MIN, runs.length * ROUND_MS_PER_VEHICLE);
  while (!options.isStopped()) {
    const now = clock.now();
    let taken = 0;
    for (const [vehicle, run] of runs.entries()) taken += run.advance(now, (frame) => outlet.offer(vehicle, frame));
    if (taken > 0) options.onMoved();
    await outlet.flush();
    const done = runs.every((run) => run.isIdle(now)) && outlet.counts().waiting === 0;
    options.onRound({ now, done });
    if (done && options.endsWhenIdle) return;
    await options.sleep(options.isUnpaced && taken > 0 ? 0 : roundMs);
  }
}

const ROUND_MS_MIN = 50;

/** A large fleet takes longer rounds, since each round writes down every vehicle's clock. */
const ROUND_MS_PER_VEHICLE = 0.02;
