import type { AppendOnly } from '../ports/append-only.ts';
import type { Border } from '../ports/border.ts';
import type { TransferRegister } from '../ports/transfer-register.ts';

export interface SettleParts {
  readonly operations: AppendOnly;
  readonly transfers: TransferRegister;
  readonly border: Border;
}

/** Who the log names for what the cloud does of itself. */
const ACTOR = 'cloud';

/**
 * After a start: brings every transfer that a crash left in between to an end or back on its way.
 *
 * `requested`: no verdict binds anybody, so it failed. `permitted` and not in the outbox: with its permit staged it is
 * cleared, since the permit is in the log; without, it failed and its persons are given back. `awaiting-approval`: it waits
 * on as long as its parcel is there.
 */
export function resumeTransfers({ transfers, border }: SettleParts): void {
  for (const { transferId, state } of transfers.list()) {
    if (state === 'requested') fail(transferId);
    if (state === 'awaiting-approval' && !border.isStaged(transferId)) fail(transferId);
    if (state !== 'permitted' || border.isCleared(transferId)) continue;
    const cleared = border.hasPermit(transferId) && border.clear(transferId).ok;
    if (!cleared && !isReturned(border, transferId)) fail(transferId);
  }

  function fail(transferId: string): void {
    border.discard(transferId);
    transfers.close(transferId, 'failed', 'released');
  }
}

const isReturned = (border: Border, transferId: string): boolean =>
  border.returns().some((one) => one.transferId === transferId);

/**
 * A transfer that was refused after an attempt may have reached the recipient in part or whole (its permit expired on the
 * way): its persons count. Only a number of attempts that is known to be 0 gives them back.
 */
const mayHaveLeft = (outcome: string, { attempts }: Readonly<Record<string, unknown>>): boolean =>
  outcome === 'delivered' || attempts !== 0;

/** Takes in what the exporter has brought to an end: log first, then the counts, then the border is cleared up. */
export function settleReturns({ operations, transfers, border }: SettleParts): void {
  for (const { transferId, outcome, document } of border.returns()) {
    const state = transfers.find(transferId)?.state;
    if (state === undefined || outcome === 'failed') continue;
    const isRevoked = border.isRevoked(transferId);
    // A revocation that a crash left halfway is brought to the log first, by the watch over permits.
    if (state === 'permitted' && isRevoked) continue;
    if (state === 'permitted' || (state === 'revoked' && isRevoked)) {
      const logged = operations.append([{ kind: 'closed', transferId, actor: ACTOR, document }]);
      if (!logged.ok) return;
      const end = isRevoked && outcome === 'refused' ? 'revoked' : outcome;
      transfers.close(transferId, end, mayHaveLeft(outcome, document) ? 'counted' : 'released');
    }
    border.settle(transferId);
  }
}
