import { CONSENT_KINDS, CONSENT_SUBJECTS } from '../../proto/codec/control-codec.ts';
import { grantId } from '../../proto/words/grant-id.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Instant } from '../../proto/words/time.ts';
import { CONSENT_MS_MAX, type Consent } from './consent.ts';
import { type ConsentFault, consentFault } from './consent-fault.ts';
import type { ActivePolicy } from './policy-bundle.ts';
import type { Purpose } from './purpose.ts';
import { scopeOf } from './purpose-scope.ts';

/** What is remembered of one purpose, for good: a withdrawal that is forgotten could be undone by an old grant. */
export interface ConsentEntry {
  readonly purpose: string;
  /** Of the last statement about it; numbers only rise over all purposes of a vehicle. */
  readonly number: number;
  readonly grant: Grant | null;
  /** Null until the first withdrawal. */
  readonly withdrawn: Withdrawn | null;
}

/** Given in the vehicle. */
export interface Grant {
  readonly id: string;
  readonly subjects: Consent['subjects'];
  readonly scope: string;
  readonly from: number;
  /** First moment at which it holds no more. */
  readonly until: number;
}

/** A record of a bundle counts only if both its version and its beginning lie behind this. */
export interface Withdrawn {
  readonly at: number;
  readonly policyVersion: number;
}

export type ConsentEntries = ReadonlyMap<string, ConsentEntry>;

/** Purposes of which something is remembered. */
export const CONSENT_ENTRIES_MAX = 256;

/** Largest number of statements so far; the next grant has to have a larger one. */
export function lastNumber(entries: ConsentEntries): number {
  return Math.max(0, ...[...entries.values()].map(({ number }) => number));
}

/**
 * Consents to a purpose that hold at a moment: given in the vehicle, or on record in the bundle in force.
 *
 * @param scope - of the purpose under the policy, for a caller that asks often
 */
export function consentsAt(
  entries: ConsentEntries,
  purpose: Purpose,
  policy: ActivePolicy,
  now: Instant,
  scope: string = scopeOf(purpose, policy),
): readonly Consent[] {
  const entry = entries.get(purpose.id);
  const recorded = (policy.records ?? []).filter((record) => {
    const withdrawn = entry?.withdrawn;
    if (record.purpose !== purpose.id || now < record.from || now >= record.until) return false;
    return withdrawn == null || (policy.version > withdrawn.policyVersion && record.from > withdrawn.at);
  });
  const grant = entry?.grant;
  if (grant == null || now < grant.from || now >= grant.until || grant.scope !== scope) return recorded;
  const own = {
    ...{ id: grant.id, purpose: purpose.id, subjects: grant.subjects },
    ...{ from: grant.from as Instant, until: grant.until as Instant },
  };
  // What is given in the vehicle is given to all that its purpose covers.
  return [{ ...own, kind: CONSENT_KINDS.purpose }, { ...own, kind: CONSENT_KINDS.cabinImage }, ...recorded];
}

export interface GrantRequest {
  readonly purpose: string;
  readonly subjects: 'driver' | 'all-occupants';
  readonly scope: string;
  readonly until: Instant;
  readonly number: number;
}

/** A consent begins now, ends within a year, is to the purpose as it is now, and comes after everything that was said before. */
export function grantEntry(
  request: GrantRequest,
  entries: ConsentEntries,
  policy: ActivePolicy | undefined,
  now: Instant,
): Result<ConsentEntry, ConsentFault> {
  const { purpose: id, subjects, scope, until, number } = request;
  const purpose = policy?.purposes.all.find((one) => one.id === id);
  if (policy === undefined || purpose === undefined || purpose.consent === 'none') return refuse('CONSENT_PURPOSE');
  if (number <= lastNumber(entries)) return refuse('CONSENT_OLDER');
  if (scope !== scopeOf(purpose, policy)) return refuse('CONSENT_SCOPE');
  if (purpose.consent === 'all-occupants' && subjects !== 'all-occupants') return refuse('CONSENT_SUBJECTS');
  if (until <= now || until - now > CONSENT_MS_MAX) return refuse('CONSENT_PERIOD');
  if (!entries.has(id) && entries.size >= CONSENT_ENTRIES_MAX) return refuse('CONSENT_LIMIT');
  const who = subjects === 'driver' ? CONSENT_SUBJECTS.driver : CONSENT_SUBJECTS.allOccupants;
  const held = entries.get(id)?.grant;
  // One that is given again before it ends goes on, and with it whatever waits under it.
  const isRenewal = held != null && now < held.until && held.scope === scope && held.subjects === who;
  const grant = isRenewal ? { ...held, until } : { id: grantId(id, number), subjects: who, scope, from: now, until };
  return ok({ purpose: id, number, grant, withdrawn: entries.get(id)?.withdrawn ?? null });
}

/** A withdrawal needs no number and is never refused; one that it brings keeps out older grants that are still on their way. */
export function withdrawalEntry(
  purpose: string,
  number: number | undefined,
  entries: ConsentEntries,
  policy: ActivePolicy | undefined,
  now: Instant,
): ConsentEntry {
  // A clock that is behind must not leave a record standing that was there when its consent was taken back.
  const begun = (policy?.records ?? []).filter((record) => record.purpose === purpose).map(({ from }) => from);
  const before = entries.get(purpose)?.withdrawn;
  const at = Math.max(now, before?.at ?? 0, ...begun);
  const policyVersion = Math.max(policy?.version ?? 0, before?.policyVersion ?? 0);
  return {
    purpose,
    number: Math.max(lastNumber(entries), number ?? 0),
    grant: null,
    withdrawn: { at, policyVersion },
  };
}

const refuse = (code: ConsentFault['code']): Result<never, ConsentFault> => fail(consentFault(code));
