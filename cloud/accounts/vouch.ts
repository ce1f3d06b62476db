import type { Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Account, Hand } from '../ports/account-store.ts';
import type { AuthorityRow } from '../ports/transfer-register.ts';
import { accountFault } from './account-fault.ts';
import type { AccountParts } from './parts.ts';
import { type ShownAccount, shownAccount } from './shown-account.ts';

/** Different persons of the matrix, its own not among them, who answer for credentials that somebody else set anew. */
const HANDS_MIN = 2;

/** Who does something to an account, and how that was shown. */
export interface Doer {
  readonly account: string;
  /** By a session or a signature; else anybody could be named. */
  readonly isProved: boolean;
}

/** Whoever gives an account new credentials is the first to answer for them, where it was shown that they are of the matrix. */
export function firstHands(account: Account, by: Doer, { matrix }: Pick<AccountParts, 'matrix'>): readonly Hand[] {
  const row = by.isProved ? rowOf(by.account, matrix()) : undefined;
  return row === undefined || isOwn(account, row) ? [] : [{ account: row.account, person: row.person }];
}

/**
 * Whether an account may not do yet what the matrix lets its person do: it changes nothing, so that who resets accounts does not
 * speak for the persons behind them.
 */
export function isUnvouched({ hands, name }: Account, { matrix }: Pick<AccountParts, 'matrix'>): boolean {
  return hands !== undefined && matrix().some((row) => isSame(row.account, name));
}

/**
 * Somebody answers for an account: its own person with the key that two persons entered in the matrix, or another of the matrix. The
 * second of these makes it count again.
 *
 * @param hasKey - shown by a signature and not by a session
 *
 * Faults: ACCOUNT_UNKNOWN, ACCOUNT_VOUCHER; the log's.
 */
export function vouch(name: string, by: string, hasKey: boolean, parts: AccountParts): Result<ShownAccount, Fault> {
  const account = parts.store.find(name);
  if (account === undefined) return fail(accountFault('ACCOUNT_UNKNOWN'));
  if (account.hands === undefined) return ok(shownAccount(account));
  const after = vouchedFor(account, by, hasKey, parts.matrix());
  if (after === undefined) return fail(accountFault('ACCOUNT_VOUCHER'));
  const document = { act: 'vouched', account: account.name, hands: after.hands ?? null };
  const logged = parts.operations.append([{ kind: 'account', transferId: '', actor: by, document }]);
  if (!logged.ok) return logged;
  parts.store.put(after);
  return ok(shownAccount(after));
}

/** An account whose credentials somebody else set anew, as one of the matrix sees it. */
export interface WaitingAccount extends Pick<Account, 'name' | 'person'> {
  /** Who answers for it so far. */
  readonly hands: readonly Hand[];
  /** Whether the word of whoever looks would count, and is not given yet. */
  readonly mayAnswer: boolean;
}

/** Accounts that wait for somebody to answer for them; told to those of the matrix alone, whose business it is. */
export function waitingFor(by: string, parts: Pick<AccountParts, 'matrix' | 'store'>): readonly WaitingAccount[] {
  const matrix = parts.matrix();
  const row = rowOf(by, matrix);
  const own = parts.store.find(by);
  if (row === undefined || own === undefined) return [];
  const isHeard = !isUnvouched(own, parts);
  return parts.store
    .list()
    .filter((account) => isUnvouched(account, parts))
    .map((account) => {
      const hands = account.hands ?? [];
      const isGiven = hands.some(({ person }) => isSame(person, row.person));
      const mayAnswer = isHeard && !isGiven && vouchedFor(account, by, false, matrix) !== undefined;
      return { name: account.name, person: account.person, hands, mayAnswer };
    });
}

function vouchedFor(
  account: Account,
  by: string,
  hasKey: boolean,
  matrix: readonly AuthorityRow[],
): Account | undefined {
  const { hands = [], ...rest } = account;
  const row = rowOf(by, matrix);
  if (row === undefined) return undefined;
  if (isSame(by, account.name)) return hasKey ? rest : undefined;
  const own = rowOf(account.name, matrix);
  // Whose account it is, by the matrix and by its entry: neither answers for it under another account.
  if (isOwn(account, row) || (own !== undefined && isSame(own.person, row.person))) return undefined;
  const others = hands.filter(({ person }) => !isSame(person, row.person));
  const after = [...others, { account: row.account, person: row.person }];
  return after.length >= HANDS_MIN ? rest : { ...rest, hands: after };
}

/** The row of an account; one that stands in two could be two persons, so it is nobody. */
function rowOf(account: string, matrix: readonly AuthorityRow[]): AuthorityRow | undefined {
  const [row, another] = matrix.filter((one) => isSame(one.account, account));
  return another === undefined ? row : undefined;
}

const isOwn = ({ name, person }: Account, row: AuthorityRow): boolean =>
  isSame(row.account, name) || isSame(row.person, person);

/** Two spellings of one name are one. */
const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
