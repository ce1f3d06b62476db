import type { ApprovalEntry } from './approvals-of-log.ts';
import { createMatricesOfLog } from './matrices-of-log.ts';

/** Different natural persons behind a resumption. */
const RESUMES_MIN = 2;

export interface ResumesOfLog {
  /** Takes the entries of the log in their order. @returns false for a resumption that two persons are not behind */
  readonly take: (entry: ApprovalEntry) => boolean;
}

/**
 * Follows who resumed exports after an emergency stop. A word counts for the stop it names, by a row of an authority matrix that stood
 * at that point of the log, and for one resumption.
 */
export function createResumesOfLog(): ResumesOfLog {
  const matrices = createMatricesOfLog();
  const words = new Map<number, { readonly stop: unknown; readonly person: string }>();
  const isFounded = ({ document }: ApprovalEntry): boolean => {
    const { stop, approvals } = document ?? {};
    const named = Array.isArray(approvals) ? approvals.map((index) => words.get(Number(index))) : [];
    const persons = new Set(named.flatMap((one) => (one !== undefined && one.stop === stop ? [one.person] : [])));
    for (const index of Array.isArray(approvals) ? approvals : []) words.delete(Number(index));
    return stop !== undefined && persons.size >= RESUMES_MIN;
  };
  return {
    take: (entry) => {
      const { kind, index, actor, document } = entry;
      if (kind === 'register') matrices.take(document);
      if (kind === 'emergency-resume') {
        const row = matrices.standing(document?.['authority'], actor, 'resume');
        if (row !== undefined) words.set(index, { stop: document?.['stop'], person: row.person });
      }
      return kind !== 'emergency-resumed' || isFounded(entry);
    },
  };
}
