import type { Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { civilDateOf } from '../../proto/words/time.ts';
import type { Approval, HeldCase, TransferRow, TransferState } from '../ports/transfer-register.ts';
import { clearTransfer } from '../transfer/clear-transfer.ts';
import type { ExportGateParts } from '../transfer/export-gate.ts';
import { exportsStopped } from '../transfer/gate-faults.ts';
import { untilCountsStand } from '../transfer/until-counts-stand.ts';
import type { Verdict } from '../transfer/verdict.ts';
import { logVerdict } from '../transfer/weigh-case.ts';
import { type ApprovalFault, approvalFault } from './approval-fault.ts';
import { decideAnew } from './decide-anew.ts';
import { APPROVAL_WAIT_MS, APPROVALS_MIN, type FourEyes, standingOf, weighApproval, whoMay } from './four-eyes.ts';

export interface ApprovalOutcome {
  readonly transferId: string;
  readonly state: TransferState;
  /** Approvals that count. */
  readonly approvals: number;
  /** Where the transfer was decided anew. */
  readonly verdict?: Verdict;
}

export interface ApprovalAct {
  readonly transferId: string;
  /** Account of the authority matrix. */
  readonly by: string;
}

/** A transfer that waits, with what its approvals are judged by. */
interface Waiting {
  readonly row: TransferRow;
  readonly held: HeldCase;
  readonly eyes: FourEyes;
}

/** Who the log names for what the cloud does of itself. */
const ACTOR = 'cloud';

/**
 * Takes an approval: weighed, in the operations log, and only then counted. The one that completes them decides the
 * transfer anew and clears it, all before anything else can happen.
 *
 * @param manifestSha256 - of the parcel that was looked at, lower-case hex; every door asks for it
 *
 * Faults: the approval does not count, and the log says so; or the log's own.
 */
export function approveTransfer(
  { manifestSha256: seen, ...act }: ApprovalAct & { readonly manifestSha256?: string },
  parts: ExportGateParts,
): Result<ApprovalOutcome, Fault> {
  const waiting = waitingOf(act.transferId, parts);
  if (!waiting.ok) return refuse('approve', act, waiting.fault, parts);
  const { held, eyes, row: transfer } = waiting.value;
  if (seen !== undefined && seen !== held.manifestSha256)
    return refuse('approve', act, approvalFault('APPROVAL_OTHER_PARCEL'), parts);
  const standing = sweep(waiting.value, parts);
  if (!standing.ok) return standing;
  const row = weighApproval(act.by, standing.value, eyes);
  if (!row.ok) return refuse('approve', act, row.fault, parts);
  const { manifestSha256 } = held;
  const document = { authority: row.value, manifestSha256, verdictDigest: held.approval?.verdictDigest };
  const logged = append('approval', act, document, parts);
  if (!logged.ok) return logged;
  const { account, person } = row.value;
  parts.transfers.addApproval(act.transferId, { account, person, at: parts.clock.now(), logIndex: logged.value });
  return advance(transfer, act.by, parts);
}

/** Ends a transfer that waits; anybody who may approve may do it, whoever asked. */
export function rejectTransfer(
  act: ApprovalAct & { readonly reason: string },
  parts: ExportGateParts,
): Result<ApprovalOutcome, Fault> {
  const waiting = waitingOf(act.transferId, parts);
  if (!waiting.ok) return refuse('reject', act, waiting.fault, parts);
  const { eyes, held } = waiting.value;
  const row = whoMay('approve', act.by, eyes.now, eyes.on);
  if (!row.ok) return refuse('reject', act, row.fault, parts);
  const document = { authority: row.value, manifestSha256: held.manifestSha256, reason: act.reason };
  const rejection = { by: act.by, document };
  // Kept before it is logged: a no that a crash left in the log alone would be overheard by whoever approves next.
  parts.transfers.hold(act.transferId, { ...held, rejection });
  const rejected = carryOut(act.transferId, rejection, parts);
  return rejected.ok ? ok({ transferId: act.transferId, state: 'rejected', approvals: 0 }) : rejected;
}

/** Logs a rejection and ends its transfer; called again for one that a crash or a full disk left halfway. */
function carryOut(
  transferId: string,
  { by, document }: NonNullable<HeldCase['rejection']>,
  parts: ExportGateParts,
): Result<void, Fault> {
  const logged = append('rejection', { transferId, by }, document, parts);
  if (!logged.ok) return logged;
  end(transferId, 'rejected', parts);
  return ok(undefined);
}

/**
 * Brings a transfer that waits as far as it goes: lapsed when its time is over, decided anew when enough approvals stand.
 * Called by the approval, and after a crash by the watch.
 */
export function advance(row: TransferRow, actor: string, parts: ExportGateParts): Result<ApprovalOutcome, Fault> {
  const { transferId } = row;
  const waiting = waitingOf(transferId, parts);
  if (!waiting.ok) return waiting;
  const swept = sweep(waiting.value, parts);
  if (!swept.ok) return swept;
  const standing = swept.value;
  const outcome = { transferId, approvals: standing.length };
  if (standing.length < APPROVALS_MIN) return ok({ ...outcome, state: 'awaiting-approval' });
  const approvals = standing.map(({ logIndex }) => logIndex);
  const decided = untilCountsStand(() => decideAndClear(row, { actor, approvals }, parts));
  return decided.ok ? ok({ ...outcome, ...decided.value }) : decided;
}

/** Fault COUNTS_MOVED: the transfer waits on, and nothing is reserved. */
function decideAndClear(
  row: TransferRow,
  by: { readonly actor: string; readonly approvals: readonly number[] },
  parts: ExportGateParts,
): Result<Pick<ApprovalOutcome, 'state' | 'verdict'>, Fault> {
  const { transferId } = row;
  const anew = parts.border.isStaged(transferId) ? decideAnew(row, parts) : fail(approvalFault('APPROVAL_PARCEL_GONE'));
  if (!anew.ok) {
    if (anew.fault.code === 'APPROVAL_PARCEL_GONE') end(transferId, 'failed', parts);
    return anew;
  }
  const { one, weighed } = anew.value;
  const { verdict, persons, isSensitive, countedAt } = weighed;
  const leaf = logVerdict(one, weighed, by, parts);
  if (!leaf.ok) return leaf;
  if (verdict.decision === 'withhold') {
    parts.transfers.withhold(transferId, persons.length);
    parts.border.discard(transferId);
    return ok({ state: 'withheld', verdict });
  }
  const cleared = clearTransfer({ one, verdict, persons, isSensitive, countedAt, leaf: leaf.value, ...by }, parts);
  if (cleared.ok) return ok({ state: 'permitted', verdict });
  if (cleared.fault.code !== 'COUNTS_MOVED') end(transferId, 'failed', parts);
  return cleared;
}

/** The transfer, if it waits and its time is not over; one whose time is over lapses by being looked at. */
function waitingOf(transferId: string, parts: ExportGateParts): Result<Waiting, Fault> {
  const row = parts.transfers.find(transferId);
  if (row === undefined) return fail(approvalFault('TRANSFER_UNKNOWN'));
  const held = parts.transfers.held(transferId);
  if (row.state !== 'awaiting-approval' || held?.approval === undefined) return fail(approvalFault('APPROVAL_STATE'));
  if (held.rejection !== undefined) {
    const rejected = carryOut(transferId, held.rejection, parts);
    return rejected.ok ? fail(approvalFault('APPROVAL_STATE')) : rejected;
  }
  const now = parts.clock.now();
  if (now >= row.requestedAt + APPROVAL_WAIT_MS) {
    const logged = append('approval-lapsed', { transferId, by: ACTOR }, { waitedMs: APPROVAL_WAIT_MS }, parts);
    if (!logged.ok) return logged;
    end(transferId, 'lapsed', parts);
    return fail(approvalFault('APPROVAL_LAPSED'));
  }
  // A cloud that was set to issue otherwise in the meantime does not issue on approvals.
  if (parts.permits.issue !== 'on-approval') return fail(approvalFault('APPROVAL_STATE'));
  const { requestedBy, approval } = held;
  if (parts.stopped() !== undefined) return fail(exportsStopped());
  return ok({
    row,
    held,
    eyes: { atRequest: approval.matrix, now: parts.matrix(), on: civilDateOf(now), requestedBy },
  });
}

/** Approvals that still stand; the others are struck out, and then in the log: one that the log calls void never counts again. */
function sweep({ row, eyes }: Waiting, parts: ExportGateParts): Result<readonly Approval[], Fault> {
  const given = parts.transfers.approvals(row.transferId);
  const standing = standingOf(given, eyes);
  for (const { logIndex, account } of given.filter((one) => !standing.includes(one))) {
    const act = { transferId: row.transferId, by: ACTOR };
    parts.transfers.dropApproval(row.transferId, logIndex);
    const logged = append('approval-void', act, { account, approvalLeafIndex: logIndex }, parts);
    if (!logged.ok) return logged;
  }
  return ok(standing);
}

function end(
  transferId: string,
  state: 'rejected' | 'lapsed' | 'failed',
  { transfers, border }: ExportGateParts,
): void {
  transfers.close(transferId, state, 'released');
  border.discard(transferId);
}

/** Nobody is refused in silence: the attempt stands in the log, and the refusal is what the caller gets. */
function refuse(
  act: 'approve' | 'reject',
  by: ApprovalAct,
  fault: Fault | ApprovalFault,
  parts: ExportGateParts,
): Result<never, Fault> {
  const { transferId, by: account } = by;
  parts.alert({ code: 'APPROVAL_REFUSED', because: fault.code, act, transferId, by: account });
  const logged = append('approval-refused', by, { act, code: fault.code }, parts);
  return fail(logged.ok ? fault : logged.fault);
}

function append(
  kind: string,
  { transferId, by }: ApprovalAct,
  document: object,
  { operations }: ExportGateParts,
): Result<number, Fault> {
  const logged = operations.append([{ kind, transferId, actor: by, document }]);
  return logged.ok ? ok(logged.value.firstIndex) : logged;
}
