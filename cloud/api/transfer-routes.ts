import { z } from 'zod';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { JobDesk, JobWork } from '../ports/job-desk.ts';
import { TRANSFER_STATES } from '../ports/transfer-register.ts';
import type { BuildsInHand, TransferDesk } from '../transfer/asked-transfer.ts';
import type { ExportGateParts, TransferRequest } from '../transfer/export-gate.ts';
import { FactsSchema } from '../transfer/facts.ts';
import type { RouteTimeline } from '../transfer/plan-routes.ts';
import { previewTransfer } from '../transfer/preview-transfer.ts';
import { jobAnswer, jobRoutes } from './job-routes.ts';
import { type ApiRoute, answered, apiRoute, outcomeOf, refused } from './route.ts';

/** What a transfer is asked for with; who asks is not part of it. */
export const TransferWish = z.strictObject({
  dataset: z.string().max(64),
  recipient: z.string().max(64),
  purpose: z.string().max(128),
  claims: FactsSchema.shape.claimedExemptions.optional().describe('numbers of exemptions that are claimed'),
});

const PAGE_MAX = 500;
const Page = z.strictObject({
  state: z.enum(TRANSFER_STATES).optional(),
  before: z.string().max(64).optional().describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(100),
});

export interface VerdictRoutesParts {
  readonly gate: ExportGateParts;
  /** How long each route takes. */
  readonly timelines: readonly RouteTimeline[];
  readonly builds: BuildsInHand;
  readonly jobs: JobDesk;
}

/** `POST /transfers/verdict`: what would be decided, live; `/verdicts/JOB`: one that takes its time. */
export function verdictRoutes({ gate, timelines, builds, jobs }: VerdictRoutesParts): readonly ApiRoute[] {
  const work = (request: TransferRequest): JobWork => {
    return async ({ track, signal }) => {
      const begun = (id: string): void => {
        track(() => builds.progressOf(id));
        signal.addEventListener('abort', () => builds.abandon(id), { once: true });
      };
      const previewed = await previewTransfer(request, timelines, gate, begun);
      return previewed.ok ? previewed : fail([previewed.fault]);
    };
  };
  return [
    ...jobRoutes(jobs, { kind: 'verdict', path: '/verdicts', what: 'a verdict' }),
    apiRoute({
      method: 'POST',
      path: '/transfers/verdict',
      summary:
        'what would be decided if it were asked for now, with the nearest lawful way; nothing is entered, and what takes its time is told as `under-way`',
      body: TransferWish,
      invalid: requestInvalid,
      answer: async ({ body, by }) => {
        const request = requestOf(body, PREVIEWER, gate);
        if (!request.ok) return refused(404, request.fault);
        return jobAnswer(await jobs.ask({ kind: 'verdict', by }, work(request.value)));
      },
    }),
  ];
}

/** No log has this name: a preview is in none. */
const PREVIEWER = 'preview';

const OfTransfer = z.object({ id: z.string().max(64) });

/** `GET` and `POST /transfers`, and what came of one that was asked for. */
export function transferRoutes(gate: ExportGateParts, desk: TransferDesk): readonly ApiRoute[] {
  return [
    apiRoute({
      method: 'GET',
      path: '/transfers',
      summary: 'transfers that were asked for, newest first',
      query: Page,
      invalid: requestInvalid,
      answer: ({ query }) => {
        const transfers = gate.transfers.page(query);
        const next = transfers.length === query.limit ? transfers.at(-1)?.transferId : undefined;
        return answered({ transfers, ...(next !== undefined && { next }) });
      },
    }),
    apiRoute({
      method: 'POST',
      path: '/transfers',
      summary: 'ask for a transfer: it is built, decided, and logged; what takes its time is told as `under-way`',
      body: TransferWish,
      by: { key: 'requestedBy', in: 'body', form: z.string().min(1).max(64) },
      // Who asks is not among those who approve: in another's name somebody could be both.
      isSigned: gate.permits.issue === 'on-approval' ? true : 'with-keys',
      invalid: requestInvalid,
      answer: async ({ body, by }) => {
        const request = requestOf(body, by, gate);
        return request.ok ? outcomeOf(await desk.ask(request.value)) : refused(404, request.fault);
      },
    }),
    apiRoute({
      method: 'GET',
      path: '/transfers/:id/request',
      summary: 'how far the parcel of a transfer is that was asked for, and then what was decided',
      params: OfTransfer,
      invalid: requestInvalid,
      answer: ({ params: { id } }) => {
        const asked = desk.find(id);
        return asked === undefined ? refused(404, requestForgotten()) : answered(asked);
      },
    }),
  ];
}

/** The wish with what the configuration has behind its names. */
export function requestOf(
  { dataset: datasetId, recipient: recipientId, purpose, claims }: z.infer<typeof TransferWish>,
  requestedBy: string,
  gate: Pick<ExportGateParts, 'dataset' | 'recipients'>,
): Result<TransferRequest, Fault> {
  const dataset = gate.dataset(datasetId);
  const recipient = gate.recipients.find((one) => one.id === recipientId);
  if (dataset === undefined) return fail(unknownName('dataset', '数据集'));
  if (recipient === undefined) return fail(unknownName('recipient', '境外接收方'));
  return ok({ dataset, recipient, purpose, requestedBy, claims });
}

export function requestInvalid(key: string): Fault<'REQUEST_INVALID'> {
  return {
    code: 'REQUEST_INVALID',
    problem: bilingual(`the request is not valid at \`${key}\``, `请求在 \`${key}\` 处无效`),
    remedy: bilingual('name dataset, recipient, purpose and who requests', '请填写数据集、接收方、目的和申请人'),
    retry: 'after-remedy',
  };
}

function requestForgotten(): Fault<'REQUEST_FORGOTTEN'> {
  return {
    code: 'REQUEST_FORGOTTEN',
    problem: bilingual('nobody asked this process for that transfer lately', '近期没有向本进程申请过该笔出境'),
    remedy: bilingual('ask for the transfer itself, which tells its state', '请查询该笔出境本身的状态'),
    retry: 'after-remedy',
  };
}

function unknownName(en: string, zh: string): Fault<'NAME_UNKNOWN'> {
  return {
    code: 'NAME_UNKNOWN',
    problem: bilingual(`the configuration names no such ${en}`, `配置中没有该${zh}`),
    remedy: bilingual('add it to `cloud.yaml`, or correct the name', '请在 `cloud.yaml` 中添加，或更正名称'),
    retry: 'after-remedy',
  };
}
