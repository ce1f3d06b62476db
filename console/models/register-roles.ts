import type { Role } from '../api/answers.ts';

/** Who may read is a register too, which others than the rest look after. */
export const PRINCIPALS = 'principal';

/** Who is offered to enter, change and withdraw entries of a register; the cloud decides anew. */
export const mayKeep = (kind: string): readonly Role[] => [kind === PRINCIPALS ? 'administrator' : 'custodian'];

/** Who is offered to confirm a change as the second person. */
export const mayConfirm = (kind: string): readonly Role[] =>
  kind === PRINCIPALS ? ['administrator'] : ['custodian', 'approver'];
