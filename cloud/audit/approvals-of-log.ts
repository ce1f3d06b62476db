import { createMatricesOfLog } from './matrices-of-log.ts';

/** Entries of the operations log that bear on approvals, as the log gives them. */
export interface ApprovalEntry {
  readonly index: number;
  readonly kind: string;
  readonly transferId: string;
  readonly actor: string;
  readonly document: Readonly<Record<string, unknown>> | undefined;
}

export interface ApprovalsOfLog {
  /** Takes the entries of the log in their order. */
  readonly take: (entry: ApprovalEntry) => void;
  /** Whether a permit of this transfer may stand after what was taken so far. */
  readonly allow: (permit: ApprovalEntry, manifestSha256: string) => boolean;
}

interface Given {
  readonly index: number;
  readonly person: string;
  readonly manifestSha256: unknown;
}

interface Asked {
  /** Some entry says that it is issued on approvals. */
  needsApprovals: boolean;
  requestedBy: unknown;
  isRejected: boolean;
  approvals: readonly Given[];
}

/** Different persons beside the one who asked. */
const APPROVALS_MIN = 2;

/**
 * Follows requests, approvals and the authority matrices of the log. An approval whose authority is not a row of a profile
 * that stood in the registers at that point of the log is none.
 */
export function createApprovalsOfLog(): ApprovalsOfLog {
  const asked = new Map<string, Asked>();
  const matrices = createMatricesOfLog();

  const of = (transferId: string): Asked => {
    const known = asked.get(transferId);
    if (known !== undefined) return known;
    const fresh: Asked = { needsApprovals: false, requestedBy: undefined, isRejected: false, approvals: [] };
    asked.set(transferId, fresh);
    return fresh;
  };

  const approve = (entry: ApprovalEntry): void => {
    const row = matrices.standing(entry.document?.['authority'], entry.actor, 'approve');
    if (row === undefined) return;
    const given = { index: entry.index, person: row.person, manifestSha256: entry.document?.['manifestSha256'] };
    const one = of(entry.transferId);
    one.approvals = [...one.approvals, given];
  };

  const take = (entry: ApprovalEntry): void => {
    const { kind, document, transferId } = entry;
    if (kind === 'register') matrices.take(document);
    else if (kind === 'approval') approve(entry);
    else if (kind === 'rejection') of(transferId).isRejected = true;
    else if (kind === 'approval-void') {
      const one = of(transferId);
      one.approvals = one.approvals.filter(({ index }) => index !== document?.['approvalLeafIndex']);
    } else if (kind === 'verdict' && document?.['issue'] === 'on-approval') {
      const one = of(transferId);
      one.needsApprovals = true;
      // Of the request: what is decided anew later names the same account.
      one.requestedBy ??= document['requestedBy'];
    }
  };

  const allow = ({ transferId, document }: ApprovalEntry, manifestSha256: string): boolean => {
    const one = of(transferId);
    if (!one.needsApprovals && document?.['issue'] !== 'on-approval') return true;
    const requesters = matrices.rows().filter(({ account }) => account === one.requestedBy);
    const own = new Set(requesters.map(({ person }) => person));
    const persons = one.approvals
      .filter((given) => given.manifestSha256 === manifestSha256)
      .map(({ person }) => person);
    const others = new Set(persons.filter((person) => !own.has(person)));
    return !one.isRejected && own.size > 0 && others.size >= APPROVALS_MIN;
  };

  return { take, allow };
}
