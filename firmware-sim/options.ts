import type { Clock, Instant } from '../proto/words/time.ts';

/** What a run of the simulator is asked to do; `sim.command.ts` parses it from flags. */
export interface SimOptions {
  /** Default 20 synthetic vehicles, or one for each trace. */
  readonly vehicles?: number | undefined;
  readonly seed: string;
  /** Trace files; empty for synthetic drives. */
  readonly traces: readonly string[];
  /** Directory of the agents' sockets; without it the frames go to `SimIo.write`. */
  readonly sockets?: string | undefined;
  /** Directory of `sim-state.json`; without it nothing is remembered. */
  readonly state?: string | undefined;
  /** Vehicle time over wall time until synthetic drives reach the present; `max` leaves every pause out, traces included. */
  readonly speed: number | 'max';
  /** So many of the first vehicles have at least the default speed, whatever that of the others: somebody waits for the first frames. */
  readonly ahead?: number | undefined;
  /** Wall seconds a trace is spread over. */
  readonly overSeconds: number;
  /** Seconds between the points of a replayed trace; without it as recorded. */
  readonly resample?: number | undefined;
  /** Seconds added to the times of traces; what then lies in the future is not sent. */
  readonly shift?: number | undefined;
  /** Where synthetic drives begin; default seven days before now. */
  readonly start?: Instant | undefined;
  /** Where synthetic drives end; default never, or now for `max` without sockets. */
  readonly until?: Instant | undefined;
}

export interface SimIo {
  readonly clock: Clock;
  /** NDJSON of frames; resolves when more may be written. */
  readonly write: (text: string) => Promise<void>;
  /** Words for people, one line. */
  readonly err: (line: string) => void;
  readonly stopRequested: Promise<void>;
  readonly onProgress?: ((progress: SimProgress) => void) | undefined;
  /** Waits wall time; resolves at once when stopped. Real timers unless a test brings its own. */
  readonly sleep?: ((ms: number) => Promise<void>) | undefined;
}

/** Counts and no content. */
export interface SimProgress {
  readonly vehicles: number;
  /** Lines that left the simulator. */
  readonly framesWritten: number;
  /** Lines on their way when a connection broke, or still waiting at the end. */
  readonly framesLost: number;
  readonly brokenLines: number;
  /** Every trace is over, every synthetic drive has reached the present, and nothing waits. */
  readonly done: boolean;
}

export const SPEED_DEFAULT = 3_600;
export const SPEED_MAX = 1_000_000;
export const OVER_SECONDS_DEFAULT = 12;
export const OVER_SECONDS_MAX = 31 * 86_400;
export const RESAMPLE_SECONDS_MAX = 3_600;
/** Some thirty years. */
export const SHIFT_SECONDS_MAX = 999_999_999;
export const SEED_CHARACTERS_MAX = 200;
