import type { Fault } from '../../proto/words/fault.ts';
import { fail, ok } from '../../proto/words/result.ts';
import { type Answer, ask } from './client.ts';

/** How far something is that takes its time. */
export interface JobProgress {
  readonly step: string;
  /** Of the step, 0 to 1. */
  readonly share: number;
}

interface AskedJob {
  readonly job: string;
}

export type JobUnderWay = AskedJob & JobProgress & { readonly state: 'under-way' };

/** What an account asked for, and what came of it. */
export type Job<T> =
  | JobUnderWay
  | (AskedJob & { readonly state: 'answered'; readonly outcome: T })
  | (AskedJob & { readonly state: 'failed'; readonly fault: Fault; readonly faults: readonly Fault[] });

/** How often it is asked how far a job is. */
const LOOK_MS = 1_000;

/**
 * What came of a question that may outlast its answer: comes back until it is done, or nobody wants it any more.
 *
 * @param path - where jobs of its kind are asked after, such as `/verdicts`
 * @param note - told how far it is
 * @param isWanted - once it is not, the job is ended
 * @returns undefined where nobody wanted it any more
 */
export async function untilDone<T>(
  first: Answer<T | JobUnderWay>,
  path: string,
  note: (progress: JobProgress) => void,
  isWanted: () => boolean = () => true,
): Promise<Answer<T> | undefined> {
  if (!first.ok) return first;
  if (!isUnderWay(first.value)) return ok(first.value);
  const at = `${path}/${first.value.job}`;
  for (let now: Job<T> = first.value; ; ) {
    if (now.state === 'answered') return ok(now.outcome);
    if (now.state === 'failed') return fail(failureOf(now));
    if (!isWanted()) {
      await ask('DELETE', at);
      return undefined;
    }
    note(now);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const next = await ask<Job<T>>('GET', at);
    if (next.ok) now = next.value;
    // A cloud that is started anew knows nothing of it, and says so.
    else if (next.fault.code !== 'CLOUD_UNREACHABLE') return next;
  }
}

/** All that is wrong, as a refusal at once has it. */
const failureOf = <T>({ fault, faults }: Extract<Job<T>, { state: 'failed' }>): Fault =>
  ({ ...fault, faults }) as Fault;

/** Everything that a refusal names, one fault at least. */
export function faultsOf(fault: Fault): readonly Fault[] {
  const { faults } = fault as Fault & { readonly faults?: readonly Fault[] };
  return faults === undefined || faults.length === 0 ? [fault] : faults;
}

const isUnderWay = <T>(value: T | JobUnderWay): value is JobUnderWay =>
  typeof value === 'object' && value !== null && 'state' in value && value.state === 'under-way' && 'job' in value;
