import { bilingual, causeText, type Fault } from '../proto/words/fault.ts';
import { fail, ok, type Result } from '../proto/words/result.ts';
import type { Progress } from './ports/progress.ts';
import type { AskedTransfer, TransferDesk, UnderWay } from './transfer/asked-transfer.ts';
import { type ExportGateParts, requestTransfer, type TransferOutcome } from './transfer/export-gate.ts';
import { ANSWER_MS, withinMs } from './wait-for.ts';

export interface TransferDeskParts {
  readonly gate: ExportGateParts;
  /** How far the parcel of a transfer is. */
  readonly progressOf: (transferId: string) => Progress;
  /** Longest time until whoever asks is told something; tests take none. */
  readonly answerMs?: number;
}

/** Answers that are kept for who comes back for them; the transfer itself is in its register. */
const KEPT_MAX = 256;

/**
 * Requests whose build outlasts the question: each goes on, whoever listens. What came of it is kept here until newer ones need its place or the
 * cloud restarts; after that the transfer tells its state.
 */
export function openTransferDesk({ gate, progressOf, answerMs = ANSWER_MS }: TransferDeskParts): TransferDesk {
  const asked = new Map<string, Result<TransferOutcome, Fault> | undefined>();
  const underWay = (transferId: string): UnderWay => ({ transferId, state: 'under-way', ...progressOf(transferId) });
  const forgetOld = (): void => {
    for (const [id, outcome] of asked) if (asked.size > KEPT_MAX && outcome !== undefined) asked.delete(id);
  };
  return {
    ask: async (request) => {
      let id: string | undefined;
      const newTransferId: ExportGateParts['newTransferId'] = (at) => {
        id = gate.newTransferId(at);
        asked.set(id, undefined);
        forgetOld();
        return id;
      };
      const keep = (settled: Result<TransferOutcome, Fault>): Result<TransferOutcome, Fault> => {
        if (id !== undefined) asked.set(id, settled);
        return settled;
      };
      const outcome = requestTransfer(request, { ...gate, newTransferId }).then(keep, (cause: unknown) => {
        keep(fail(requestBroke(causeText(cause))));
        throw cause;
      });
      // Who was told `under-way` hears of it when they come back.
      outcome.catch(() => undefined);
      const first = await withinMs(outcome, answerMs);
      // Without an id nothing was begun, and the refusal is there at once.
      return first ?? (id === undefined ? outcome : ok(underWay(id)));
    },
    find: (transferId): AskedTransfer | undefined => {
      if (!asked.has(transferId)) return undefined;
      const outcome = asked.get(transferId);
      if (outcome === undefined) return underWay(transferId);
      return outcome.ok
        ? { transferId, state: 'answered', outcome: outcome.value }
        : { transferId, state: 'failed', fault: outcome.fault };
    },
  };
}

function requestBroke(cause: string): Fault<'REQUEST_BROKE'> {
  return {
    code: 'REQUEST_BROKE',
    problem: bilingual(`the request ended by a defect: ${cause}`, `申请因程序缺陷中止：${cause}`),
    remedy: bilingual(
      'look at the transfer itself, which tells whether it came to a permit; please report this',
      '请查询该笔出境本身，其状态会说明是否已签发许可；并请报告此问题',
    ),
    retry: 'later',
  };
}
