import type { CivilDate } from '../../proto/words/time.ts';
import type { AuthorityRow } from '../ports/transfer-register.ts';
import type { RegisterEntry } from './kind.ts';
import { standingBody } from './standing.ts';

/** Undefined without a profile, or when it was withdrawn. */
export type Matrix = readonly AuthorityRow[] | undefined;

/** Rows of every profile that stands: a change of one that nobody confirmed yet allows nobody anything. */
export function standingAuthorities(profiles: readonly RegisterEntry[]): readonly AuthorityRow[] {
  const rows = profiles
    .filter(({ isWithdrawn }) => !isWithdrawn)
    .flatMap((profile) => (standingBody(profile)['authorities'] ?? []) as readonly AuthorityRow[]);
  // Two profiles of a group may name one account of one person.
  return rows.filter(
    (row, at) => rows.findIndex((one) => one.account === row.account && one.person === row.person) === at,
  );
}

/** Whether an account was allowed to when it signed, and is today. An account that stands in two rows is nobody. */
export function maySignOff(account: string, matrix: Matrix, signedOn: CivilDate, on: CivilDate): boolean {
  const row = rowOf(account, matrix);
  return row?.may.includes('sign-off') === true && row.since <= signedOn && signedOn <= on;
}

/** Whether an account may approve on a day. */
export function mayApprove(account: string, matrix: Matrix, on: CivilDate): boolean {
  const row = rowOf(account, matrix);
  return row?.may.includes('approve') === true && row.since <= on;
}

/** Whether two accounts are surely two persons; an account that the matrix does not know could be anybody's. */
export function areTwoPersons(one: string, other: string, matrix: Matrix): boolean {
  const [a, b] = [rowOf(one, matrix), rowOf(other, matrix)];
  // Two spellings of one name are no second person.
  return a !== undefined && b !== undefined && a.person.toLowerCase() !== b.person.toLowerCase();
}

function rowOf(account: string, matrix: Matrix): AuthorityRow | undefined {
  const [row, another] = (matrix ?? []).filter((one) => one.account === account);
  return another === undefined ? row : undefined;
}
