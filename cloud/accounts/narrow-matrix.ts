import type { Account } from '../ports/account-store.ts';
import type { AuthorityRow } from '../ports/transfer-register.ts';
import type { Role } from './role.ts';

/** Roles without which an account that can log in does not bear out what the matrix gives it. */
const ROLE_OF: Readonly<Record<string, Role>> = { request: 'requester', approve: 'approver', resume: 'approver' };

/**
 * The rows of the authority matrix that accounts bear out: one whose account is disabled, another person's, or without a role for
 * something that the row gives is left out whole, and approvals that were given under it fall. A part of a row would be one that
 * no register ever held. An account that nobody can log in with is left as the matrix has it; it acts by the command line.
 */
export function narrowMatrix(
  matrix: readonly AuthorityRow[] | undefined,
  find: (account: string) => Account | undefined,
): readonly AuthorityRow[] | undefined {
  return matrix?.filter((row) => {
    const account = find(row.account);
    return account === undefined || bearsOut(account, row);
  });
}

function bearsOut({ isDisabled, person, roles }: Account, row: AuthorityRow): boolean {
  const wanted = row.may.flatMap((act) => ROLE_OF[act] ?? []);
  return (
    !isDisabled && person.toLowerCase() === row.person.toLowerCase() && wanted.every((role) => roles.includes(role))
  );
}
