import { z } from 'zod';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import type { Result } from '../../proto/words/result.ts';
import type { JobDesk, JobKind } from '../ports/job-desk.ts';
import { type ApiAnswer, type ApiRoute, answered, apiRoute, outcomeOf, refused } from './route.ts';

export interface JobRoutesOf {
  readonly kind: JobKind;
  /** Without the prefix of the door: `/verdicts`. */
  readonly path: string;
  /** One of them, for the description of the API. */
  readonly what: string;
}

const Asker = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/);
const OfJob = z.object({ job: z.string().max(64) });
const by = { key: 'by', in: 'query', form: Asker } as const;

/** `PATH[/JOB]`: what an account asked for and did not wait for, by that account alone. */
export function jobRoutes(jobs: JobDesk, { kind, path, what }: JobRoutesOf): readonly ApiRoute[] {
  const common = { by, invalid: noJob };
  return [
    apiRoute({
      ...{ method: 'GET', path, summary: `how far each is that this account asked for: ${what}`, ...common },
      answer: ({ by: who }) => answered({ jobs: jobs.list(kind, who) }),
    }),
    apiRoute({
      ...{ method: 'GET', path: `${path}/:job`, summary: `how far ${what} is, and then what came of it`, ...common },
      params: OfJob,
      answer: ({ params: { job }, by: who }) => foundOf(jobs.find(kind, job, who)),
    }),
    apiRoute({
      ...{ method: 'DELETE', path: `${path}/:job`, summary: `end ${what} that is under way, and forget it`, ...common },
      params: OfJob,
      answer: ({ params: { job }, by: who }) => {
        const ended = jobs.end(kind, job, who);
        return ended.ok ? answered({}) : refused(404, ended.fault);
      },
    }),
  ];
}

/** What `ask` of the desk gave, as the question is answered with it. */
export function jobAnswer(came: Result<object, readonly Fault[]>): ApiAnswer {
  if (came.ok) return answered(came.value);
  return { status: 409, body: { fault: came.fault[0], faults: came.fault } };
}

const foundOf = (found: Result<object, Fault>): ApiAnswer => (found.ok ? outcomeOf(found) : refused(404, found.fault));

function noJob(): Fault<'REQUEST_INVALID'> {
  return {
    code: 'REQUEST_INVALID',
    problem: bilingual('the question is not valid', '查询无效'),
    remedy: bilingual('name who asks, and the job as it was told', '请注明查询人及所告知的任务编号'),
    retry: 'after-remedy',
  };
}
