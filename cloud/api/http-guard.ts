import type { Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { AccessGuard } from '../access/guard.ts';
import { accountFault, statusOf } from '../accounts/account-fault.ts';
import type { AccountParts } from '../accounts/parts.ts';
import { findSession, type OpenSession } from '../accounts/sessions.ts';
import { isUnvouched } from '../accounts/vouch.ts';
import type { AccessRow } from './access.table.ts';

/** What of a request decides whether it is heard. */
export interface Caller {
  readonly method: string;
  readonly address: string | undefined;
  /** Value of the session cookie. */
  readonly token: string | undefined;
  readonly csrf: string | undefined;
  /** `Origin`, where the client says it. */
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site`, which a page cannot forge. */
  readonly site: string | undefined;
}

export interface GuardedParts {
  readonly access: AccessGuard;
  readonly accounts: AccountParts;
  /** As browsers see this server. */
  readonly origins: () => readonly string[];
}

interface Refusal {
  readonly status: number;
  readonly fault: Fault;
}

/**
 * Whether a request is heard: where it comes from, whether a page of this server sent it, who is behind it, where they are, and
 * whether a role of theirs may ask. What is unknown refuses.
 *
 * @returns the session, or undefined where none is wanted
 */
export function hear(
  row: AccessRow,
  caller: Caller,
  { access, accounts, origins }: GuardedParts,
): Result<OpenSession | undefined, Refusal> {
  const { address } = caller;
  const { roles } = row;
  const changes = !READS.has(caller.method);
  const found = roles === 'open' ? undefined : findSession(caller.token, accounts);
  if (found?.ok !== true || roles === 'open') {
    const at = access.checkAddress(address);
    if (!at.ok) return refuse(403, at.fault);
    if (changes && isForeign(caller, origins())) return refuseBy('SESSION_FOREIGN');
    return found === undefined ? ok(undefined) : refuseBy('SESSION_NONE');
  }
  const { account, csrf } = found.value;
  // Before anything else is said of it: who reads from abroad is written down by name.
  const read = access.check(row.reading, { via: 'network', address, account: account.name });
  if (!read.ok) return refuse(403, read.fault);
  if (changes && (isForeign(caller, origins()) || caller.csrf !== csrf)) return refuseBy('SESSION_FOREIGN');
  if (read.value.person !== account.person) return refuseBy('ACCOUNT_PERSON');
  const isBare = account.seed === undefined && account.subject === undefined;
  if (isBare && accounts.secondFactor === 'required' && row.reading !== 'own') return refuseBy('SESSION_FACTOR');
  // What only holds back needs nobody's trust.
  if (changes && row.reading !== 'own' && row.holdsBack !== true && isUnvouched(account, accounts))
    return refuseBy('ACCOUNT_UNVOUCHED');
  return account.roles.some((role) => roles.includes(role)) ? ok(found.value) : refuseBy('ROLE_MISSING');
}

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** The header alone keeps forms of other pages out, which cannot set one; where the browser says more, that has to fit. */
function isForeign({ csrf, origin, site }: Caller, own: readonly string[]): boolean {
  if (csrf === undefined) return true;
  if (origin !== undefined && !own.includes(origin)) return true;
  return site !== undefined && site !== 'same-origin';
}

const refuse = (status: number, fault: Fault): Result<never, Refusal> => fail({ status, fault });

function refuseBy(code: Parameters<typeof accountFault>[0]): Result<never, Refusal> {
  return refuse(statusOf(code), accountFault(code));
}
