import type { Account } from '../ports/account-store.ts';
import type { AuthorityRow } from '../ports/transfer-register.ts';
import type { Role } from './role.ts';

/** Roles without which an account that can log in has not what the matrix gives it. */
const ROLE_OF: Readonly<Record<string, Role>> = { request: 'requester', approve: 'approver', resume: 'approver' };

/**
 * The authority matrix as far as accounts bear it out: what an account lost with a role, by being disabled, or because it is
 * another person's, its row has lost too, and approvals that were given under that row fall. An account that nobody can log in
 * with is left as the matrix has it; it acts by the command line.
 */
export function narrowMatrix(
  matrix: readonly AuthorityRow[] | undefined,
  find: (account: string) => Account | undefined,
): readonly AuthorityRow[] | undefined {
  return matrix?.map((row) => {
    const account = find(row.account);
    if (account === undefined) return row;
    const isTheirs = !account.isDisabled && account.person.toLowerCase() === row.person.toLowerCase();
    const may = row.may.filter((act) => {
      const role = ROLE_OF[act];
      return role === undefined || (isTheirs && account.roles.includes(role));
    });
    return may.length === row.may.length ? row : { ...row, may };
  });
}
