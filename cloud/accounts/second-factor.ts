import type { Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Account } from '../ports/account-store.ts';
import { accountFault } from './account-fault.ts';
import { logIn } from './log-in.ts';
import type { AccountParts } from './parts.ts';
import { hashOf, type OpenSession } from './sessions.ts';

const SEED_BYTES = 20;
const RECOVERY_CODES = 10;
const RECOVERY_BYTES = 10;

/** What somebody shows once more, however they came to the session. */
export interface Proof {
  readonly password?: string | undefined;
  readonly code?: string | undefined;
}

/**
 * A new seed, which counts once a code of it was shown; the one in use stays until then. A session alone is not enough for it: a stolen
 * one would become an account. Who logs in at an identity provider has no password here, and no factor of ours counts for them.
 *
 * Faults: those of a login.
 */
export async function beginFactor(
  { name }: Account,
  { password = '', code }: Proof,
  parts: AccountParts,
): Promise<Result<object, Fault>> {
  const { store, codes, box, draw } = parts;
  const before = store.find(name);
  const isProvided = before !== undefined && before.passwordHash === undefined && before.subject !== undefined;
  if (before === undefined || !isProvided) {
    const known = await logIn({ account: name, password, code }, parts);
    if (!known.ok) return known;
  }
  const account = store.find(name);
  if (account === undefined) return fail(accountFault('SESSION_NONE'));
  const seed = Buffer.from(draw(SEED_BYTES), 'hex');
  store.put({ ...account, pendingSeed: box.seal(account.name, seed) });
  return ok(codes.link(seed, account.name));
}

/**
 * Puts the new seed in use.
 *
 * Faults: FACTOR_CODE; the log's. Then the old one stands.
 *
 * @returns recovery codes, each good once; they are told now and never again
 */
export function confirmFactor(
  { account, token }: Pick<OpenSession, 'account' | 'token'>,
  code: string,
  parts: AccountParts,
): Result<{ readonly recovery: readonly string[] }, Fault> {
  const { store, codes, box, clock, draw } = parts;
  const { pendingSeed, ...rest } = account;
  const seed = pendingSeed === undefined ? undefined : box.open(account.name, pendingSeed);
  const step = seed === undefined ? undefined : codes.step(seed, code, clock.now());
  if (pendingSeed === undefined || step === undefined) return fail(accountFault('FACTOR_CODE'));
  const recovery = Array.from({ length: RECOVERY_CODES }, () => grouped(draw(RECOVERY_BYTES)));
  const { name } = account;
  const document = { act: 'second-factor', account: name };
  const logged = parts.operations.append([{ kind: 'account', transferId: '', actor: name, document }]);
  if (!logged.ok) return logged;
  store.put({ ...rest, seed: pendingSeed, lastStep: step, recovery: recovery.map(hashOf) });
  // Whoever was logged in without the new factor is not any more.
  store.endOtherSessions(name, hashOf(token));
  return ok({ recovery });
}

/** In fives, for whoever types it. */
const grouped = (hex: string): string => hex.match(/.{5}/g)?.join('-') ?? hex;
