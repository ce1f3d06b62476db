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
 * at that point of the log, and for one resumption; a process that was killed between writing that exports go on and letting them
 * writes it once more, for the same stop by the same words.
 */
export function createResumesOfLog(): ResumesOfLog {
  const matrices = createMatricesOfLog();
  const words = new Map<number, { readonly stop: unknown; readonly person: string }>();
  const resumed = new Map<unknown, string>();
  const isFounded = ({ document }: ApprovalEntry): boolean => {
    const { stop, approvals } = document ?? {};
    const named = Array.isArray(approvals) ? approvals.map((index) => words.get(Number(index))) : [];
    if (stop !== undefined && resumed.get(stop) === JSON.stringify(approvals)) return true;
    const persons = new Set(named.flatMap((one) => (one !== undefined && one.stop === stop ? [one.person] : [])));
    for (const index of Array.isArray(approvals) ? approvals : []) words.delete(Number(index));
    const isOne = stop !== undefined && persons.size >= RESUMES_MIN;
    if (isOne) resumed.set(stop, JSON.stringify(approvals));
    return isOne;
  };
  return {
    take: (entry) => {
      const { kind, index, actor, document } = entry;
      if (kind === 'register') matrices.take(document);
      // Whoever writes a mark names the stop: one of before under an old name is another stop.
      if (kind === 'emergency-stop') resumed.delete(document?.['stop']);
      if (kind === 'emergency-resume') {
        const row = matrices.standing(document?.['authority'], actor, 'resume');
        if (row !== undefined) words.set(index, { stop: document?.['stop'], person: row.person });
      }
      return kind !== 'emergency-resumed' || isFounded(entry);
    },
  };
}
