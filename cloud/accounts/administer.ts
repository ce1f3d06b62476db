import type { Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Account } from '../ports/account-store.ts';
import { type AccountFault, accountFault } from './account-fault.ts';
import { invite } from './invitations.ts';
import type { AccountParts } from './parts.ts';
import type { Role } from './role.ts';
import { type ShownAccount, shownAccount } from './shown-account.ts';
import { type Doer, firstHands } from './vouch.ts';

export interface NewAccount {
  readonly name: string;
  readonly roles: readonly Role[];
  /** `sub` at the identity provider. */
  readonly subject?: string | undefined;
}

/**
 * Makes an account for the person whom the register `principal` names under it, and a link to set its password.
 *
 * Faults: ACCOUNT_EXISTS, ACCOUNT_ENTRY; the log's.
 */
export function addAccount(
  wish: NewAccount,
  by: Doer,
  parts: AccountParts,
): Result<{ readonly account: ShownAccount; readonly token: string }, Fault> {
  const made = newAccount(wish, parts);
  if (!made.ok) return made;
  // Somebody who acts by a key of the matrix has a way to show that this account is theirs as well.
  const acts = parts.matrix().some(({ account, key }) => key !== undefined && isSame(account, wish.name));
  const account = acts ? { ...made.value, hands: firstHands(made.value, by, parts) } : made.value;
  const logged = enter('added', undefined, account, by.account, parts);
  if (!logged.ok) return logged;
  tellOfLink(account, by.account, parts);
  parts.store.put(account);
  return ok({ account: shownAccount(account), token: invite(wish.name, parts) });
}

/** A link for an account that counts beside others: the person behind it has to hear of one that they did not ask for. */
function tellOfLink({ name }: Account, by: string, { matrix, alert }: AccountParts): void {
  if (matrix().some(({ account }) => isSame(account, name))) alert({ code: 'ACCOUNT_LINK', account: name, by });
}

const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** The account as it would be; nothing is written. Faults: ACCOUNT_EXISTS, ACCOUNT_ENTRY. */
export function newAccount(
  { name, roles, subject }: NewAccount,
  { store, principalOf, clock }: AccountParts,
): Result<Account, AccountFault> {
  const isTaken = subject !== undefined && store.findSubject(subject) !== undefined;
  if (store.find(name) !== undefined || isTaken) return fail(accountFault('ACCOUNT_EXISTS'));
  const principal = principalOf(name);
  if (principal === undefined) return fail(accountFault('ACCOUNT_ENTRY'));
  const bare = { isDisabled: false, lastStep: 0, recovery: [], createdAt: clock.now() };
  return ok({ name, person: principal.person, roles, ...bare, ...(subject !== undefined && { subject }) });
}

/** Gives an account other roles. Faults: ACCOUNT_UNKNOWN, ACCOUNT_OWN, ACCOUNT_LAST; the log's. */
export function setRoles(
  name: string,
  roles: readonly Role[],
  by: string,
  parts: AccountParts,
): Result<ShownAccount, Fault> {
  return change(name, by, parts, 'roles', (account) => ({ ...account, roles }));
}

/** Lets an account log in no more, or again. Faults: as `setRoles`. */
export function setDisabled(
  name: string,
  isDisabled: boolean,
  by: string,
  parts: AccountParts,
): Result<ShownAccount, Fault> {
  return change(name, by, parts, isDisabled ? 'disabled' : 'enabled', (account) => ({ ...account, isDisabled }));
}

/**
 * Takes password and second factor away, and gives a link to set new ones. Whoever opens the link may be anybody: where the authority
 * matrix names the account it changes nothing until others answered for it.
 *
 * Faults: ACCOUNT_UNKNOWN; the log's.
 */
export function resetAccount(
  name: string,
  by: Doer,
  parts: AccountParts,
): Result<{ readonly account: ShownAccount; readonly token: string }, Fault> {
  const account = parts.store.find(name);
  if (account === undefined) return fail(accountFault('ACCOUNT_UNKNOWN'));
  const { passwordHash: _password, seed: _seed, pendingSeed: _pending, ...rest } = account;
  // A first link that nobody used is no more than another first link.
  const isFirst = [account.passwordHash, account.subject, account.hands].every((one) => one === undefined);
  const after = { ...rest, recovery: [], ...(!isFirst && { hands: firstHands(account, by, parts) }) };
  const logged = enter('reset', account, after, by.account, parts);
  if (!logged.ok) return logged;
  tellOfLink(after, by.account, parts);
  parts.store.put(after);
  parts.store.endSessionsOf(account.name);
  parts.store.setAttempts(account.name, undefined);
  return ok({ account: shownAccount(after), token: invite(account.name, parts) });
}

function change(
  name: string,
  by: string,
  parts: AccountParts,
  act: string,
  alter: (account: Account) => Account,
): Result<ShownAccount, Fault> {
  const account = parts.store.find(name);
  if (account === undefined) return fail(accountFault('ACCOUNT_UNKNOWN'));
  if (by.toLowerCase() === account.name.toLowerCase()) return fail(accountFault('ACCOUNT_OWN'));
  const after = alter(account);
  const others = parts.store.list().filter((one) => one.name !== account.name);
  if (isAdministrator(account) && ![...others, after].some(isAdministrator)) return fail(accountFault('ACCOUNT_LAST'));
  const logged = enter(act, account, after, by, parts);
  if (!logged.ok) return logged;
  parts.store.put(after);
  parts.store.endSessionsOf(account.name);
  return ok(shownAccount(after));
}

const isAdministrator = (account: Account): boolean =>
  shownAccount(account).state === 'active' && account.roles.includes('administrator');

/** A change of what somebody may do is in the log before it is so. */
function enter(
  act: string,
  before: Account | undefined,
  after: Account,
  by: string,
  { operations }: AccountParts,
): Result<unknown, Fault> {
  const document = {
    act,
    account: after.name,
    before: before === undefined ? null : shownAccount(before),
    after: shownAccount(after),
  };
  return operations.append([{ kind: 'account', transferId: '', actor: by, document }]);
}
