import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import type { Result } from '../../proto/words/result.ts';
import { approvalFault } from '../approvals/approval-fault.ts';
import { approveTransfer, rejectTransfer } from '../approvals/approve.ts';
import { showTransfer } from '../approvals/show-transfer.ts';
import { Id, Text } from '../registers/words.ts';
import type { ExportGateParts } from '../transfer/export-gate.ts';

const Approve = z.strictObject({ by: Id });
const Reject = z.strictObject({ by: Id, reason: Text });

interface OfTransfer {
  readonly Params: { readonly id: string };
}

/** Approvals over the local API: `/v1/transfers/ID[/approvals|/rejections]`. */
export function serveApprovals(server: FastifyInstance, gate: ExportGateParts): void {
  server.get<OfTransfer>('/v1/transfers/:id', ({ params }, reply) => {
    const shown = showTransfer(params.id, gate);
    return shown === undefined ? reply.code(404).send({ fault: approvalFault('TRANSFER_UNKNOWN') }) : reply.send(shown);
  });
  server.post<OfTransfer>('/v1/transfers/:id/approvals', ({ params, body }, reply) => {
    const asked = Approve.safeParse(body);
    if (!asked.success) return reply.code(400).send({ fault: invalid() });
    return answer(reply, approveTransfer({ transferId: params.id, ...asked.data }, gate));
  });
  server.post<OfTransfer>('/v1/transfers/:id/rejections', ({ params, body }, reply) => {
    const asked = Reject.safeParse(body);
    if (!asked.success) return reply.code(400).send({ fault: invalid() });
    return answer(reply, rejectTransfer({ transferId: params.id, ...asked.data }, gate));
  });
}

function answer(reply: FastifyReply, outcome: Result<object, Fault>): FastifyReply {
  if (outcome.ok) return reply.send(outcome.value);
  return reply.code(outcome.fault.code === 'TRANSFER_UNKNOWN' ? 404 : 409).send({ fault: outcome.fault });
}

const invalid = (): Fault<'APPROVAL_INVALID'> => ({
  code: 'APPROVAL_INVALID',
  problem: bilingual('an approval names an account, a rejection a reason as well', '审批须写明账号，驳回还须写明理由'),
  remedy: bilingual(
    'accounts are those of the authority matrix; a reason is one line without a VIN',
    '账号须取自权限矩阵；理由为一行文字且不得含有车辆识别代号',
  ),
  retry: 'after-remedy',
});
