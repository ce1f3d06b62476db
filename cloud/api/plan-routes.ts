import { z } from 'zod';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import type { ExportGateParts } from '../transfer/export-gate.ts';
import { planTransfer } from '../transfer/plan-transfer.ts';
import { type ApiRoute, apiRoute, outcomeOf, refused } from './route.ts';

const Asked = z.strictObject({
  dataset: z.string().max(64),
  recipient: z.string().max(64),
  purpose: z.string().max(128),
  /** Numbers of exemptions, with commas between them. */
  claims: z
    .string()
    .regex(/^[1-9](,[1-9]){0,8}$/)
    .transform((text) => text.split(',').map(Number))
    .optional(),
});

/** `GET /plans?dataset=&recipient=&purpose=[&claims=1,2]`: reads, so that the guard of what is read is asked first. */
export function planRoutesOf(gate: ExportGateParts): readonly ApiRoute[] {
  return [
    apiRoute({
      ...{ method: 'GET', path: '/plans', summary: 'ways out for a planned transfer, and when thresholds are reached' },
      ...{ query: Asked, invalid },
      answer: async ({ query: { claims, purpose, ...names } }) => {
        const dataset = gate.dataset(names.dataset);
        const recipient = gate.recipients.find(({ id }) => id === names.recipient);
        if (dataset === undefined || recipient === undefined) return refused(404, unknown());
        const claimed = claims as Parameters<typeof planTransfer>[0]['claims'];
        return outcomeOf(await planTransfer({ dataset, recipient, purpose, claims: claimed }, gate));
      },
    }),
  ];
}

const invalid = (): Fault<'REQUEST_INVALID'> => ({
  code: 'REQUEST_INVALID',
  problem: bilingual('a plan names dataset, recipient and purpose', '规划须注明数据集、接收方和目的'),
  remedy: bilingual('see docs/transfer-facts.md, Planning', '参见 docs/transfer-facts.md 的 Planning 一节'),
  retry: 'after-remedy',
});

const unknown = (): Fault<'NAME_UNKNOWN'> => ({
  code: 'NAME_UNKNOWN',
  problem: bilingual('the configuration names no such dataset or recipient', '配置中没有该数据集或境外接收方'),
  remedy: bilingual('add it to `cloud.yaml`, or correct the name', '请在 `cloud.yaml` 中添加，或更正名称'),
  retry: 'after-remedy',
});
