import type { Asked } from './fill.ts';

/** What the process that decides is started with. */
export interface DecideOrder {
  readonly config: string;
  readonly asked: Asked;
  readonly verdicts: number;
}

/** What it has measured of itself. */
export interface DecideReport {
  /** From the start of the process, modules and all. */
  readonly openMs: number;
  readonly firstVerdictMs: number;
  /** CPU time until then. */
  readonly startCpuMs: number;
  readonly decision: string;
  readonly before: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly perSecond: number;
  /** CPU time of one verdict, its log entry and the making of its parcel. */
  readonly cpuMsEach: number;
  /** The same without writing the verdict down: facts and decision alone. */
  readonly bareP50Ms: number;
  readonly bareP99Ms: number;
  /** Of a logged verdict, what it spends in calls to the files of the log, and the rest of it. */
  readonly filesP50Ms: number;
  readonly filesP99Ms: number;
  readonly computedP99Ms: number;
  readonly residentMb: number;
  readonly peakMb: number;
}
