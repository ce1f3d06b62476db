import { civilDateOf } from '../../proto/words/time.ts';
import type { TransferRow } from '../ports/transfer-register.ts';
import type { ReportedTransfer, ReportPeriod } from './report-facts.ts';

/** The document of a verdict as the log has it; older ones hold no scale. */
export interface LoggedVerdict {
  readonly facts?: {
    readonly manner?: string;
    readonly dataset?: { readonly kinds?: readonly string[]; readonly sensitive?: string; readonly important?: string };
  };
  readonly verdict?: { readonly decision?: string };
  readonly scale?: { readonly rows?: number; readonly bytes?: number };
}

/** Transfers of a period, each with what the log says of it. */
export function transfersOfLog(
  rows: readonly TransferRow[],
  verdicts: ReadonlyMap<string, LoggedVerdict>,
  { from, until }: ReportPeriod,
): readonly ReportedTransfer[] {
  return rows
    .map((row) => ({ row, on: civilDateOf(row.requestedAt) }))
    .filter(({ on }) => from <= on && on <= until)
    .map(({ row: { transferId, datasetId, recipientId, purpose, state, persons }, on }) => {
      const { facts, verdict, scale } = verdicts.get(transferId) ?? {};
      const { kinds, sensitive, important } = facts?.dataset ?? {};
      const known = { manner: facts?.manner, decision: verdict?.decision, rows: scale?.rows, bytes: scale?.bytes };
      return { transferId, on, datasetId, recipientId, purpose, state, persons, kinds, sensitive, important, ...known };
    });
}
