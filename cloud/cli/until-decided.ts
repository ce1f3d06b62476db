import type { Fault } from '../../proto/words/fault.ts';
import type { JobUnderWay } from '../ports/job-desk.ts';
import type { NoteProgress } from '../ports/progress.ts';
import type { UnderWay } from '../transfer/asked-transfer.ts';
import type { AskCloud } from './transfer.command.ts';

export interface Patience {
  readonly note: NoteProgress;
  readonly wait: (ms: number) => Promise<unknown>;
}

/** How often it is asked how far a build is. */
const LOOK_MS = 1_000;
/** A build ends by itself after half an hour; as many as may wait for each other take less than a night. */
const LOOKS_MAX = 43_200;

/** Asks as `ask` does; where the cloud is still building what was asked for, comes back until it has decided. */
export function untilDecided(ask: AskCloud, { note, wait }: Patience): AskCloud {
  return async (socket, method, path, body) => {
    let answer = await ask(socket, method, path, body);
    for (let looks = 0; looks < LOOKS_MAX && answer.body['state'] === 'under-way'; looks += 1) {
      const { transferId, step, share } = answer.body as Readonly<Record<string, unknown>> & UnderWay;
      note({ step, share });
      await wait(LOOK_MS);
      answer = decided(await ask(socket, 'GET', `${path}/${transferId}/request`));
    }
    return answer;
  };
}

/**
 * Asks as `ask` does for what the cloud keeps a job of; while it is under way, comes back for it.
 *
 * @param at - path of the job, with who asks
 */
export function untilDone(ask: AskCloud, at: (job: string) => string, { note, wait }: Patience): AskCloud {
  return async (socket, method, path, body) => {
    let answer = await ask(socket, method, path, body);
    for (let looks = 0; looks < LOOKS_MAX && answer.body['state'] === 'under-way'; looks += 1) {
      const { job, step, share } = answer.body as Readonly<Record<string, unknown>> & JobUnderWay;
      note({ step, share });
      await wait(LOOK_MS);
      answer = decided(await ask(socket, 'GET', at(job)));
    }
    return answer;
  };
}

type Answer = Awaited<ReturnType<AskCloud>>;

interface Ended {
  readonly state?: string;
  readonly outcome?: Answer['body'];
  readonly fault?: Fault;
  readonly faults?: readonly Fault[];
}

/** What the question itself would have been answered with. */
function decided(answer: Answer): Answer {
  const { state, outcome, fault, faults } = answer.body as Ended;
  if (state === 'answered' && outcome !== undefined) return { status: 200, body: outcome };
  if (state !== 'failed' || fault === undefined) return answer;
  return { status: 409, body: { fault, ...(faults !== undefined && { faults }) } };
}
