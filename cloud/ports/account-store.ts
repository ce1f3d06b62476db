import type { Instant } from '../../proto/words/time.ts';
import type { Role } from '../accounts/role.ts';

/** A person of the authority matrix who answers for the credentials of somebody else's account. */
export interface Hand {
  readonly account: string;
  readonly person: string;
}

/** Somebody who may log in. The person is that of the register `principal` when the account was made. */
export interface Account {
  readonly name: string;
  readonly person: string;
  readonly roles: readonly Role[];
  readonly isDisabled: boolean;
  /** PHC text; absent until the person has set one. */
  readonly passwordHash?: string;
  /** Seed of one-time codes, sealed. */
  readonly seed?: Uint8Array;
  /** A seed that no code was shown of yet, sealed. */
  readonly pendingSeed?: Uint8Array;
  /** Step of the last code that was taken: none is taken twice. */
  readonly lastStep: number;
  /** SHA-256 of recovery codes that were not used yet, hexadecimal. */
  readonly recovery: readonly string[];
  /** `sub` of the identity provider. */
  readonly subject?: string;
  readonly createdAt: Instant;
  /** Who answers for credentials that another set anew; absent once enough do, and where nobody did. */
  readonly hands?: readonly Hand[];
}

export interface Session {
  /** SHA-256 of the cookie's value, hexadecimal. */
  readonly hash: string;
  readonly account: string;
  readonly createdAt: Instant;
  readonly seenAt: Instant;
}

/** A link that is used once: to set a password, or to make the first account where it names none. */
export interface Invitation {
  readonly hash: string;
  readonly account?: string;
  readonly expiresAt: Instant;
}

/** Refused logins in a row, under a name whether or not it is an account's. */
export interface Attempts {
  readonly failures: number;
  readonly lockedUntil: Instant;
}

/** Every method is durable once it returns, but for `seen`. */
export interface AccountStore {
  find(name: string): Account | undefined;
  findSubject(subject: string): Account | undefined;
  /** By name. */
  list(): readonly Account[];
  put(account: Account): void;
  count(): number;
  addSession(session: Session): void;
  session(hash: string): Session | undefined;
  /** A session was used; one that a crash forgets is older than it was. */
  seen(hash: string, at: Instant): void;
  endSession(hash: string): void;
  endSessionsOf(account: string): void;
  endOtherSessions(account: string, hash: string): void;
  /** Ends sessions that were made or used last before these. */
  expireSessions(createdBefore: Instant, seenBefore: Instant): void;
  /** Others of the same account are no longer good. */
  invite(invitation: Invitation): void;
  /** Gives an invitation once. */
  takeInvitation(hash: string): Invitation | undefined;
  attempts(name: string): Attempts | undefined;
  setAttempts(name: string, attempts: Attempts | undefined): void;
  close(): void;
}
