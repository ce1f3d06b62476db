import type { Approval, TransferRow } from '../ports/transfer-register.ts';
import type { ExportGateParts } from '../transfer/export-gate.ts';
import { APPROVAL_WAIT_MS, APPROVALS_MIN } from './four-eyes.ts';

export interface ShownTransfer {
  readonly transfer: TransferRow;
  readonly approvals: readonly Approval[];
  /** While it waits: what is approved, by whom it was asked for, and until when it waits, RFC 3339 in UTC. */
  readonly waiting?: {
    readonly approvalsMin: number;
    readonly until: string;
    readonly requestedBy: string;
    readonly manifestSha256: string;
    readonly verdictDigest: string;
    readonly rows: number;
    readonly bytes: number;
  };
}

/** Undefined for a transfer that nobody asked for. */
export function showTransfer(transferId: string, { transfers }: ExportGateParts): ShownTransfer | undefined {
  const transfer = transfers.find(transferId);
  if (transfer === undefined) return undefined;
  const shown = { transfer, approvals: transfers.approvals(transferId) };
  const held = transfers.held(transferId);
  if (transfer.state !== 'awaiting-approval' || held?.approval === undefined) return shown;
  const { requestedBy, manifestSha256, rows, bytes } = held;
  const until = new Date(transfer.requestedAt + APPROVAL_WAIT_MS).toISOString();
  const { verdictDigest } = held.approval;
  const waiting = { approvalsMin: APPROVALS_MIN, until, requestedBy, manifestSha256, verdictDigest, rows, bytes };
  return { ...shown, waiting };
}
