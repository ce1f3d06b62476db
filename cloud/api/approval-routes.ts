import { z } from 'zod';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import type { Result } from '../../proto/words/result.ts';
import { approvalFault } from '../approvals/approval-fault.ts';
import { approveTransfer, rejectTransfer } from '../approvals/approve.ts';
import { showTransfer } from '../approvals/show-transfer.ts';
import { Id, Sha256, Text } from '../registers/words.ts';
import type { ExportGateParts } from '../transfer/export-gate.ts';
import { type ApiAnswer, type ApiRoute, answered, apiRoute, refused } from './route.ts';

const OfTransfer = z.object({ id: z.string().max(64) });
/** What was looked at, so that nobody's word goes to another parcel: over the socket it is what is signed. */
const Approved = z.strictObject({ manifestSha256: Sha256 });
const Reason = z.strictObject({ reason: Text });
const by = { key: 'by', in: 'body', form: Id } as const;

/** `/transfers/ID[/approvals|/rejections]`. */
export function approvalRoutes(gate: ExportGateParts): readonly ApiRoute[] {
  return [
    apiRoute({
      method: 'GET',
      path: '/transfers/:id',
      summary: 'one transfer, its approvals, and what it waits for',
      params: OfTransfer,
      invalid,
      answer: ({ params }) => {
        const shown = showTransfer(params.id, gate);
        return shown === undefined ? refused(404, approvalFault('TRANSFER_UNKNOWN')) : answered(shown);
      },
    }),
    apiRoute({
      method: 'POST',
      path: '/transfers/:id/approvals',
      summary: 'approve a transfer that waits',
      params: OfTransfer,
      body: Approved,
      by,
      isSigned: true,
      invalid,
      answer: ({ params, body: { manifestSha256 }, by: account }) =>
        told(approveTransfer({ transferId: params.id, by: account, manifestSha256 }, gate)),
    }),
    apiRoute({
      method: 'POST',
      path: '/transfers/:id/rejections',
      summary: 'end a transfer that waits',
      params: OfTransfer,
      body: Reason,
      by,
      isSigned: true,
      invalid,
      answer: ({ params, body, by: account }) =>
        told(rejectTransfer({ transferId: params.id, by: account, reason: body.reason }, gate)),
    }),
  ];
}

function told(outcome: Result<object, Fault>): ApiAnswer {
  if (outcome.ok) return answered(outcome.value);
  return refused(outcome.fault.code === 'TRANSFER_UNKNOWN' ? 404 : 409, outcome.fault);
}

const invalid = (): Fault<'APPROVAL_INVALID'> => ({
  code: 'APPROVAL_INVALID',
  problem: bilingual(
    'an approval names an account and the `manifestSha256` of what is approved, a rejection an account and a reason',
    '审批须写明账号及所审批内容的 `manifestSha256`，驳回须写明账号和理由',
  ),
  remedy: bilingual(
    'accounts are those of the authority matrix; a reason is one line without a VIN',
    '账号须取自权限矩阵；理由为一行文字且不得含有车辆识别代号',
  ),
  retry: 'after-remedy',
});
