import type { Fault } from '../../proto/words/fault.ts';
import type { Result } from '../../proto/words/result.ts';
import type { Progress } from './progress.ts';

/** What is asked for and may outlast its question, beside a transfer. */
export type JobKind = 'verdict' | 'register-import' | 'file-import' | 'report';

interface AskedJob {
  /** What it is asked after by; nobody can guess it. */
  readonly job: string;
  readonly kind: JobKind;
  /** Account. */
  readonly by: string;
  /** RFC 3339. */
  readonly askedAt: string;
}

export interface JobUnderWay extends AskedJob, Progress {
  readonly state: 'under-way';
}

export type Job =
  | JobUnderWay
  /** `outcome`: what the question itself would have been answered with. */
  | (AskedJob & { readonly state: 'answered'; readonly outcome: object })
  | (AskedJob & { readonly state: 'failed'; readonly fault: Fault; readonly faults: readonly Fault[] });

/** What the work of a job is handed. */
export interface JobTurn {
  /** Says where to look for how far it is. */
  readonly track: (look: () => Progress) => void;
  /** Aborted when nobody wants what comes of it any more. */
  readonly signal: AbortSignal;
}

export type JobWork = (turn: JobTurn) => Promise<Result<object, readonly Fault[]>>;

/** What is asked for, and by which account. */
export interface JobOrder {
  readonly kind: JobKind;
  readonly by: string;
}

/** Where work is asked for by people who do not wait for its end. */
export interface JobDesk {
  /** The outcome, or how far it is where that takes its time. Faults: JOB_BUSY, and those of the work. */
  readonly ask: (order: JobOrder, work: JobWork) => Promise<Result<object, readonly Fault[]>>;
  /** The job at once: what comes of it stays to be fetched, however soon it is done. Faults: JOB_BUSY. */
  readonly begin: (order: JobOrder, work: JobWork) => Result<Job, Fault>;
  /** Those of one account, oldest first. */
  readonly list: (kind: JobKind, by: string) => readonly Job[];
  /** Faults: JOB_UNKNOWN, also for what another account asked for. */
  readonly find: (kind: JobKind, id: string, by: string) => Result<Job, Fault>;
  /** Ends it if it is under way, and forgets it. Faults: JOB_UNKNOWN. */
  readonly end: (kind: JobKind, id: string, by: string) => Result<void, Fault>;
}
