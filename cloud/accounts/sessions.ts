import { createHash } from 'node:crypto';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { HOUR_MS, type Instant } from '../../proto/words/time.ts';
import type { Account } from '../ports/account-store.ts';
import { type AccountFault, accountFault } from './account-fault.ts';
import type { AccountParts } from './parts.ts';

/** A session that nobody uses ends after the one, and every session after the other. */
const IDLE_MS = 30 * 60_000;
export const SESSION_MS = 12 * HOUR_MS;

/** A session in use is written down as used at most this often. */
const SEEN_EVERY_MS = 60_000;

const TOKEN_BYTES = 32;

export interface OpenSession {
  /** Value of the cookie; only its hash is kept. */
  readonly token: string;
  /** What a page of this server shows with everything that changes something. */
  readonly csrf: string;
  readonly account: Account;
}

type SessionParts = Pick<AccountParts, 'store' | 'clock' | 'draw'>;

/** Begins a session under a token that nobody had before, and ends the one that the browser came with. */
export function beginSession(
  account: Account,
  before: string | undefined,
  { store, clock, draw }: SessionParts,
): OpenSession {
  const now = clock.now();
  store.expireSessions((now - SESSION_MS) as Instant, (now - IDLE_MS) as Instant);
  if (before !== undefined) store.endSession(hashOf(before));
  const token = draw(TOKEN_BYTES);
  store.addSession({ hash: hashOf(token), account: account.name, createdAt: now, seenAt: now });
  return { token, csrf: csrfOf(token), account };
}

/** Faults: SESSION_NONE for a token nobody has, or whose time is over, or whose account may not log in. */
export function findSession(
  token: string | undefined,
  { store, clock }: Pick<SessionParts, 'store' | 'clock'>,
): Result<OpenSession, AccountFault> {
  if (token === undefined || token.length !== 2 * TOKEN_BYTES) return fail(accountFault('SESSION_NONE'));
  const hash = hashOf(token);
  const session = store.session(hash);
  const now = clock.now();
  // A clock that was set back gives no session more time.
  if (session === undefined || now - session.createdAt >= SESSION_MS || Math.abs(now - session.seenAt) >= IDLE_MS) {
    return fail(accountFault('SESSION_NONE'));
  }
  const account = store.find(session.account);
  if (account === undefined || account.isDisabled) return fail(accountFault('SESSION_NONE'));
  if (now - session.seenAt >= SEEN_EVERY_MS) store.seen(hash, now);
  return ok({ token, csrf: csrfOf(token), account });
}

export function endSession(token: string, { store }: Pick<SessionParts, 'store'>): void {
  store.endSession(hashOf(token));
}

/** Hash under which a token is kept; a token has 256 bits, so it needs no salt. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

const csrfOf = (token: string): string => createHash('sha256').update(`csrf\0${token}`).digest('hex');
