import type { AppendOnly } from '../ports/append-only.ts';
import type { Border, ExporterReturn } from '../ports/border.ts';
import type { TransferRegister, TransferState } from '../ports/transfer-register.ts';

export interface SettleParts {
  readonly operations: AppendOnly;
  readonly transfers: TransferRegister;
  readonly border: Border;
  /** Told of every transfer that the exporter refused. */
  readonly alert?: (document: Readonly<Record<string, unknown>>) => void;
  /**
   * Whether the exporter's own log bears out that nothing of a transfer was begun; `unknown` where nobody can tell. Left out where
   * its log is not read.
   */
  readonly neverBegun?: (transferId: string) => boolean | 'unknown';
  /** Whether the recipient of a transfer signed that it holds what was cleared; where nobody can tell, and where it is left out, it did not. */
  readonly isReceipt?: (transferId: string, receipt: unknown) => boolean;
}

/** What has not come to an end; transfers that have are not read at a start, however many there are. */
const UNDER_WAY = ['requested', 'awaiting-approval', 'permitted'] as const satisfies readonly TransferState[];

/** Who the log names for what the cloud does of itself. */
const ACTOR = 'cloud';

/**
 * After a start: brings every transfer that a crash left in between to an end or back on its way.
 *
 * `requested`: no verdict binds anybody, so it failed. `permitted` and not in the outbox: with its permit staged it is
 * cleared, since the permit is in the log; without, it failed and its persons are given back, unless somebody took the parcel
 * away: then nobody can say what left of it. `awaiting-approval`: it waits
 * on as long as its parcel is there. At last goes what lies in staging of transfers that came to their end: a crash between
 * that and the clearing up leaves personal information that nobody would look for any more.
 */
export function resumeTransfers({ transfers, border }: SettleParts): void {
  for (const { transferId, state } of UNDER_WAY.flatMap((one) => transfers.inState(one))) {
    if (state === 'requested') fail(transferId);
    if (state === 'awaiting-approval' && !border.isStaged(transferId)) fail(transferId);
    if (state !== 'permitted' || border.isCleared(transferId)) continue;
    const cleared = border.hasPermit(transferId) && border.clear(transferId).ok;
    if (!cleared && !isReturned(border, transferId)) fail(transferId, border.isStaged(transferId));
  }
  for (const transferId of border.staged()) if (isOver(transferId)) border.discard(transferId);

  /** What no transfer names stays where it is: nobody here knows whose it is. */
  function isOver(transferId: string): boolean {
    const state = transfers.find(transferId)?.state;
    return state !== undefined && !UNDER_WAY.some((one) => one === state);
  }

  function fail(transferId: string, isStill = true): void {
    // A second crash finds a permit still beside its parcel; and of what was never permitted no parcel without a row.
    const isPermitted = transfers.find(transferId)?.state === 'permitted';
    if (!isPermitted) border.discard(transferId);
    transfers.close(transferId, 'failed', isStill ? 'released' : 'counted');
    border.discard(transferId);
  }
}

const isReturned = (border: Border, transferId: string): boolean =>
  border.returns().some((one) => one.transferId === transferId);

/**
 * A transfer that was refused after an attempt may have reached the recipient in part or whole (its permit expired on the
 * way): its persons count. Only a number of attempts that is known to be 0 gives them back, and a return is only a file: whoever
 * writes into the border could say so of what was sent. The exporter's signed log has to say the same.
 */
function mayHaveLeft({ transferId, outcome, document }: ExporterReturn, { neverBegun, alert }: SettleParts): boolean {
  if (outcome === 'delivered' || document['attempts'] !== 0) return true;
  const isBorneOut = neverBegun?.(transferId) ?? 'unknown';
  if (isBorneOut === false) alert?.({ code: 'RETURN_DISPUTED', transferId });
  return isBorneOut !== true;
}

/** A delivery is what the recipient signed for: else who writes into the border ends a transfer, and takes its parcel from the outbox. */
function isProved({ transferId, outcome, document }: ExporterReturn, { isReceipt }: SettleParts): boolean {
  return outcome !== 'delivered' || isReceipt?.(transferId, document['receipt']) === true;
}

/** Takes in what the exporter has brought to an end: log first, then the counts, then the border is cleared up. */
export function settleReturns(parts: SettleParts): void {
  const { operations, transfers, border, alert } = parts;
  for (const returned of border.returns()) {
    const { transferId, outcome, document } = returned;
    const state = transfers.find(transferId)?.state;
    if (state === undefined || outcome === 'failed') continue;
    const isRevoked = border.isRevoked(transferId);
    // A revocation that a crash left halfway is brought to the log first, by the watch over permits.
    if (state === 'permitted' && isRevoked) continue;
    if (state === 'permitted' || (state === 'revoked' && isRevoked)) {
      if (!isProved(returned, parts)) {
        alert?.({ code: 'RECEIPT_DISPUTED', transferId });
        border.setApart(transferId);
        continue;
      }
      const logged = operations.append([{ kind: 'closed', transferId, actor: ACTOR, document }]);
      if (!logged.ok) return;
      if (outcome === 'refused') alert?.({ code: 'TRANSFER_REFUSED', transferId, because: codeOf(document) });
      const end = isRevoked && outcome === 'refused' ? 'revoked' : outcome;
      transfers.close(transferId, end, mayHaveLeft(returned, parts) ? 'counted' : 'released');
    }
    border.settle(transferId);
  }
}

/** Code of the fault of a return, where it has one of ours. */
function codeOf({ fault }: Readonly<Record<string, unknown>>): string {
  const code = typeof fault === 'object' && fault !== null && 'code' in fault ? fault.code : undefined;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{0,63}$/.test(code) ? code : 'UNKNOWN';
}

/** Returns of transfers that nobody asked for, remembered by one process so that each is told once. */
const STRANGERS_MAX = 10_000;

/**
 * Looks for returns of what the cloud never cleared: somebody put it into the outbox by hand. It stays where it is, as evidence.
 *
 * @returns the look
 */
export function createStrangerWatch({
  border,
  transfers,
  alert,
}: Pick<Required<SettleParts>, 'border' | 'transfers' | 'alert'>): () => void {
  const told = new Set<string>();
  return () => {
    for (const { transferId, outcome, document } of border.returns()) {
      const isStranger = transfers.find(transferId) === undefined;
      if (!isStranger || told.has(transferId) || told.size >= STRANGERS_MAX) continue;
      told.add(transferId);
      alert({ code: 'OUTBOX_FOREIGN_PARCEL', transferId, outcome, because: codeOf(document) });
    }
  };
}
