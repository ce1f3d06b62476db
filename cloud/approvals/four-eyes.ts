import { canonicalJson } from '../../proto/words/canonical-json.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type CivilDate, HOUR_MS } from '../../proto/words/time.ts';
import type { Approval, AuthorityRow } from '../ports/transfer-register.ts';
import { type ApprovalFault, approvalFault } from './approval-fault.ts';

/** Different natural persons who have to approve, the one who asked not among them. */
export const APPROVALS_MIN = 2;

/** An approval waits at most this long for the other one, from the request on. */
export const APPROVAL_WAIT_MS = 72 * HOUR_MS;

/** The authority matrix of the processor's profile; undefined without a profile, or when it was withdrawn. */
export type Matrix = readonly AuthorityRow[] | undefined;

export interface FourEyes {
  /** As it was when the request was made. */
  readonly atRequest: readonly AuthorityRow[];
  readonly now: Matrix;
  /** Asia/Shanghai. */
  readonly on: CivilDate;
  /** The account that asked. */
  readonly requestedBy: string;
}

/** Who an account is, if it may do this today. An account that stands in two rows could be two persons, so it is nobody. */
export function whoMay(
  act: 'request' | 'approve' | 'resume',
  account: string,
  matrix: Matrix,
  on: CivilDate,
): Result<AuthorityRow, ApprovalFault> {
  if (matrix === undefined) return fail(approvalFault('APPROVAL_NO_PROFILE'));
  const [row, another] = matrix.filter((one) => one.account === account);
  if (row === undefined || another !== undefined) return fail(approvalFault('APPROVAL_ACCOUNT'));
  return row.may.includes(act) && row.since <= on ? ok(row) : fail(approvalFault('APPROVAL_AUTHORITY'));
}

/** Whether one more approval would count beside those that stand. */
export function weighApproval(
  account: string,
  standing: readonly Approval[],
  eyes: FourEyes,
): Result<AuthorityRow, ApprovalFault> {
  const row = whoMay('approve', account, eyes.now, eyes.on);
  if (!row.ok) return row;
  if (!isAsThen(row.value, eyes.atRequest)) return fail(approvalFault('APPROVAL_ROLE_CHANGED'));
  const requester = requesterOf(eyes);
  if (requester === undefined) return fail(approvalFault('APPROVAL_REQUESTER_CHANGED'));
  if (isSamePerson(requester, row.value.person)) return fail(approvalFault('APPROVAL_OWN_REQUEST'));
  if (standing.some(({ person }) => isSamePerson(person, row.value.person))) {
    return fail(approvalFault('APPROVAL_SAME_PERSON'));
  }
  return row;
}

/** Approvals that still count: each is weighed again beside those before it. */
export function standingOf(approvals: readonly Approval[], eyes: FourEyes): readonly Approval[] {
  const standing: Approval[] = [];
  for (const one of approvals) {
    const row = weighApproval(one.account, standing, eyes);
    if (row.ok && isSamePerson(row.value.person, one.person)) standing.push(one);
  }
  return standing;
}

/** The person who asked, if the row still stands as it did; else nobody can tell whether an approver is the same. */
function requesterOf({ requestedBy, atRequest, now, on }: FourEyes): string | undefined {
  const row = whoMay('request', requestedBy, now, on);
  return row.ok && isAsThen(row.value, atRequest) ? row.value.person : undefined;
}

/** Whether a row stands as it stood then, and only once. */
export function isAsThen(row: AuthorityRow, atRequest: readonly AuthorityRow[]): boolean {
  const before = atRequest.filter(({ account }) => account === row.account);
  return before.length === 1 && canonicalJson(before[0]) === canonicalJson(row);
}

/** Two spellings of one name are no second person. */
export const isSamePerson = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
