import { timingSafeEqual } from 'node:crypto';
import type { Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { HOUR_MS, type Instant } from '../../proto/words/time.ts';
import type { Account } from '../ports/account-store.ts';
import { type AccountCode, accountFault } from './account-fault.ts';
import type { AccountParts } from './parts.ts';
import { hashOf } from './sessions.ts';

/** Refused logins in a row before a name is locked; it is locked twice as long each time. */
const FAILURES_MAX = 5;
const LOCK_MS = 60_000;
const LOCK_MS_MAX = HOUR_MS;

export interface Credentials {
  readonly account: string;
  readonly password: string;
  /** Six digits, or a recovery code. */
  readonly code?: string | undefined;
}

/**
 * Whether somebody is who they say. It takes as long for a name that nobody has, and locks it the same. Every outcome is in the
 * operations log.
 *
 * Faults: LOGIN_REFUSED, LOGIN_LOCKED; LOGIN_CODE where the password is right and a code is still wanted; the log's.
 */
export async function logIn(given: Credentials, parts: AccountParts): Promise<Result<Account, Fault>> {
  const { store, passwords, clock } = parts;
  const locked = store.attempts(given.account)?.lockedUntil ?? 0;
  if (clock.now() < locked) return fail(accountFault('LOGIN_LOCKED'));
  const known = store.find(given.account);
  // Somebody without a password has a hash that nothing gives.
  const hash = known?.passwordHash ?? (await standIn(parts));
  const isRight = await passwords.verify(hash, given.password);
  // Read again: two logins at once are weighed one after the other.
  const account = store.find(given.account);
  if (account === undefined || account.isDisabled || account.passwordHash !== hash || !isRight) {
    return refuse(given.account, account, parts);
  }
  if (account.seed === undefined) return take(account, parts);
  if (given.code === undefined) return fail(accountFault('LOGIN_CODE'));
  const after = useCode(account, given.code, parts);
  if (after === undefined) return refuse(given.account, account, parts);
  store.put(after);
  return take(after, parts);
}

/** Somebody whom the identity provider vouches for; a second factor is its business. Faults: LOGIN_PROVIDER, the log's. */
export function logInBySubject(subject: string, parts: AccountParts): Result<Account, Fault> {
  const account = parts.store.findSubject(subject);
  if (account === undefined || account.isDisabled) {
    const logged = enter('unknown', 'refused', parts);
    return logged.ok ? fail(accountFault('LOGIN_PROVIDER')) : logged;
  }
  return take(account, parts);
}

/** The account after a code was used; undefined for a code that is none, or was used. */
export function useCode(account: Account, code: string, parts: AccountParts): Account | undefined {
  const seed = account.seed === undefined ? undefined : parts.box.open(account.name, account.seed);
  const step = seed === undefined ? undefined : parts.codes.step(seed, code, parts.clock.now());
  if (step !== undefined) return step > account.lastStep ? { ...account, lastStep: step } : undefined;
  const hash = Buffer.from(hashOf(code.trim().toLowerCase()));
  const used = account.recovery.findIndex((one) => timingSafeEqual(Buffer.from(one), hash));
  return used < 0 ? undefined : { ...account, recovery: account.recovery.toSpliced(used, 1) };
}

let standInHash: Promise<string> | undefined;

/** Hash of a password that nobody has, of the same cost. */
function standIn({ passwords, draw }: AccountParts): Promise<string> {
  standInHash ??= passwords.hash(draw(STAND_IN_BYTES));
  return standInHash;
}

const STAND_IN_BYTES = 32;

function take(account: Account, parts: AccountParts): Result<Account, Fault> {
  const logged = enter(account.name, 'logged-in', parts);
  if (!logged.ok) return logged;
  parts.store.setAttempts(account.name, undefined);
  return ok(account);
}

function refuse(name: string, account: Account | undefined, parts: AccountParts): Result<never, Fault> {
  const { store, clock, alert } = parts;
  const failures = (store.attempts(name)?.failures ?? 0) + 1;
  const over = failures - FAILURES_MAX;
  const lockMs = over < 0 ? 0 : Math.min(LOCK_MS * 2 ** over, LOCK_MS_MAX);
  store.setAttempts(name, { failures, lockedUntil: (lockMs === 0 ? 0 : clock.now() + lockMs) as Instant });
  // A name that is no account's may be a password, or a VIN.
  const told = account?.name ?? 'unknown';
  if (lockMs > 0) alert({ code: 'ACCOUNT_LOCKED', account: told, failures });
  const logged = enter(told, lockMs > 0 ? 'locked' : 'refused', parts);
  const code: AccountCode = lockMs > 0 ? 'LOGIN_LOCKED' : 'LOGIN_REFUSED';
  return logged.ok ? fail(accountFault(code)) : logged;
}

function enter(account: string, outcome: string, { operations }: AccountParts): Result<unknown, Fault> {
  return operations.append([{ kind: 'login', transferId: '', actor: account, document: { account, outcome } }]);
}
