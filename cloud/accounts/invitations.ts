import type { Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { HOUR_MS, type Instant } from '../../proto/words/time.ts';
import type { Account } from '../ports/account-store.ts';
import { accountFault } from './account-fault.ts';
import type { AccountParts } from './parts.ts';
import { hashOf } from './sessions.ts';

/** How long a link is good: that of the first start, and that of an account. */
const FIRST_MS = HOUR_MS;
const INVITATION_MS = 24 * HOUR_MS;

const TOKEN_BYTES = 32;
const PASSWORD_MIN = 12;
const PASSWORD_MAX = 128;

/** A link for the first account, while there is none; only its hash is kept. The one before it is no longer good. */
export function inviteFirst({ store, clock, draw }: AccountParts): string | undefined {
  if (store.count() > 0) return undefined;
  const token = draw(TOKEN_BYTES);
  store.invite({ hash: hashOf(token), expiresAt: (clock.now() + FIRST_MS) as Instant });
  return token;
}

/** A link to set the password of an account. */
export function invite(account: string, { store, clock, draw }: AccountParts): string {
  const token = draw(TOKEN_BYTES);
  store.invite({ hash: hashOf(token), account, expiresAt: (clock.now() + INVITATION_MS) as Instant });
  return token;
}

export interface Accepted {
  readonly token: string;
  readonly password: string;
  /** What the first account is made of; without it the link has to name an account. */
  readonly first?: (() => Result<Account, Fault>) | undefined;
}

/**
 * Uses a link: sets the password of its account, or makes the first account. The link is gone whatever comes of it but for a weak
 * password.
 *
 * Faults: PASSWORD_WEAK, INVITATION_OVER; those of `first` and of the log.
 */
export async function acceptInvitation(
  { token, password, first }: Accepted,
  parts: AccountParts,
): Promise<Result<Account, Fault>> {
  if (password.length < PASSWORD_MIN || password.length > PASSWORD_MAX) return fail(accountFault('PASSWORD_WEAK'));
  // Hashed before the link is looked at: nothing may come between that and what it is used for.
  const passwordHash = await parts.passwords.hash(password);
  const { store, clock } = parts;
  const invitation = store.takeInvitation(hashOf(token));
  if (invitation === undefined || clock.now() >= invitation.expiresAt) return fail(accountFault('INVITATION_OVER'));
  const account = invitation.account === undefined ? firstOf(first, parts) : known(invitation.account, parts);
  if (!account.ok) return account;
  const { name, roles, person } = account.value;
  if (password.toLowerCase() === name.toLowerCase()) return fail(accountFault('PASSWORD_WEAK'));
  const act = invitation.account === undefined ? 'first' : 'password-set';
  const document = { act, account: name, after: { person, roles } };
  const logged = parts.operations.append([{ kind: 'account', transferId: '', actor: name, document }]);
  if (!logged.ok) return logged;
  const after = { ...account.value, passwordHash };
  store.put(after);
  store.endSessionsOf(name);
  store.setAttempts(name, undefined);
  return ok(after);
}

function firstOf(first: Accepted['first'], { store }: AccountParts): Result<Account, Fault> {
  return first === undefined || store.count() > 0 ? fail(accountFault('INVITATION_OVER')) : first();
}

function known(name: string, { store }: AccountParts): Result<Account, Fault> {
  const account = store.find(name);
  return account === undefined || account.isDisabled ? fail(accountFault('INVITATION_OVER')) : ok(account);
}
