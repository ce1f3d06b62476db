import { z } from 'zod';
import type { JobDesk } from '../ports/job-desk.ts';
import { DRAFT_FORMS, type ReportDrafts } from '../ports/report-drafts.ts';
import { REPORT_LANGUAGES } from '../report/markdown.ts';
import { REPORT_KINDS } from '../report/report-facts.ts';
import { jobRoutes } from './job-routes.ts';
import { Days, periodIn } from './period-form.ts';
import { type ApiRoute, apiRoute, outcomeOf, refused } from './route.ts';
import { noQuestion } from './status-routes.ts';

const Wish = z
  .strictObject({ kind: z.enum(REPORT_KINDS), ...Days, language: z.enum(REPORT_LANGUAGES).default('zh') })
  .transform(({ from, until, ...rest }, context) => ({ ...rest, ...periodIn({ from, until }, context) }));
const OfJob = z.object({ job: z.string().max(64) });
const Form = z.strictObject({ form: z.enum(DRAFT_FORMS).describe('Markdown, or Word') });

/** `/reports[/JOB[/document]]`: drafts of what authorities are told, made while other things go on; each is of the account that asked. */
export function reportRoutes(drafts: ReportDrafts, jobs: JobDesk): readonly ApiRoute[] {
  return [
    apiRoute({
      ...{ method: 'POST', path: '/reports', summary: 'ask for a draft of a report; it is told as `under-way`' },
      ...{ body: Wish, invalid: noQuestion },
      answer: ({ body, by }) => outcomeOf(drafts.begin(body, by)),
    }),
    ...jobRoutes(jobs, { kind: 'report', path: '/reports', what: 'a draft of a report' }),
    apiRoute({
      ...{ method: 'GET', path: '/reports/:job/document', summary: 'a draft as a file', invalid: noQuestion },
      ...{ params: OfJob, query: Form },
      answer: ({ params: { job }, query: { form }, by }) => {
        const taken = drafts.take(job, form, by);
        if (taken.ok) return { status: 200, file: taken.value };
        return refused(taken.fault.code === 'JOB_UNKNOWN' ? 404 : 409, taken.fault);
      },
    }),
  ];
}
