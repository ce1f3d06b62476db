import type { Fault } from '../proto/words/fault.ts';
import { fail, ok, type Result } from '../proto/words/result.ts';
import type { Instant } from '../proto/words/time.ts';
import type { Agent } from './agent.ts';
import type { Consent } from './policy/consent.ts';
import { type ConsentFault, consentFault } from './policy/consent-fault.ts';
import {
  CONSENT_ENTRIES_MAX,
  type ConsentEntry,
  consentsAt,
  type GrantRequest,
  grantEntry,
  lastNumber,
  withdrawalEntry,
} from './policy/consent-register.ts';
import type { ActivePolicy } from './policy/policy-bundle.ts';
import type { Purpose } from './policy/purpose.ts';
import { scopeOf } from './policy/purpose-scope.ts';
import { type PurposeView, viewPurposes } from './policy/view-purposes.ts';
import type { ConsentStore } from './ports/consent-store.ts';
import type { EndedConsent, SpoolFault, Spools } from './ports/spool.ts';
import type { Basis } from './stages/basis.ts';

/** Says at every moment which consents hold, and takes what persons in the vehicle say about theirs. */
export interface ConsentIntake {
  /** The policy under the consents of every moment. */
  readonly under: (policy: ActivePolicy | undefined) => ActivePolicy | undefined;
  readonly grant: (request: GrantRequest) => Result<void, ConsentFault>;
  /** Holds from now on, whatever becomes of the disk; gives how many frames and pictures were deleted. */
  readonly withdraw: (purpose: string, number?: number) => Result<number, ConsentFault>;
  readonly show: () => { readonly number: number; readonly purposes: readonly PurposeView[] };
  /** Deletes what rests on consents that hold no more, and does again what could not be written. */
  readonly sweep: () => void;
  /** Ids of all consents that hold at this moment. */
  readonly inForce: () => readonly string[];
  /** Consents that were withdrawn or ended since the start. */
  readonly endings: () => number;
}

export interface ConsentIntakeParts {
  readonly agent: () => Pick<Agent, 'letGo' | 'now' | 'countRemoved' | 'hasPolicy'>;
  readonly store: ConsentStore;
  readonly spools: () => Spools;
  /** Writes the trip in hand, within the transaction that is open. */
  readonly storeTrip: () => void;
  readonly onFault: (fault: Fault) => void;
}

interface Ending {
  readonly purpose: string;
  readonly consent?: string;
  readonly cause: EndedConsent['cause'];
  readonly isNews: boolean;
}

export function createConsentIntake(parts: ConsentIntakeParts): ConsentIntake {
  const entries = new Map(parts.store.entries().map((entry) => [entry.purpose, entry]));
  let policy: ActivePolicy | undefined;
  let scopes: ReadonlyMap<string, string> = new Map();
  /** Withdrawals that hold and could not be written yet, with what they had let go. */
  const unsaved = new Map<string, { readonly entry: ConsentEntry; readonly letGo: number }>();
  let endings = 0;

  const consentsTo = (purpose: Purpose): readonly Consent[] =>
    policy === undefined ? [] : consentsAt(entries, purpose, policy, parts.agent().now(), scopes.get(purpose.id));
  const isServed = ({ expiresAt }: Purpose): boolean => parts.agent().now() < expiresAt;

  /** What is in memory goes first, and at once: it cannot fail. */
  const dropFromMemory = ({ purpose, consent, cause }: Ending): number => {
    const known = policy?.purposes.all.find(({ id }) => id === purpose);
    const isOver = known !== undefined && known.consent !== 'none' && consentsTo(known).length === 0;
    const goes = (basis: Basis): boolean =>
      basis.purpose === purpose && basis.consent !== '' && (consent === undefined || basis.consent === consent);
    const count = parts.agent().letGo(goes, purpose, isOver);
    parts.agent().countRemoved(cause, count);
    return count;
  };

  const dropFromSpool = (
    ending: Ending,
    letGo: number,
    entry: ConsentEntry | undefined,
  ): Result<number, SpoolFault> => {
    const removed = parts.spools().removeUnder({
      ...ending,
      letGo,
      alongside: () => {
        if (entry !== undefined) parts.store.keep(entry);
        parts.storeTrip();
      },
    });
    if (removed.ok) parts.agent().countRemoved(ending.cause, removed.value);
    else parts.onFault(removed.fault);
    return removed;
  };

  const withdraw = (purpose: string, number?: number): Result<number, ConsentFault> => {
    const drawn = withdrawalEntry(purpose, number, entries, policy, parts.agent().now());
    const entry = boundEntry(drawn, entries);
    const isNews = isNewsOf(purpose, entry, entries.get(purpose));
    entries.set(entry.purpose, entry);
    if (isNews) endings += 1;
    const ending: Ending = { purpose, cause: 'consent-withdrawn', isNews: isNews || unsaved.has(purpose) };
    const letGo = dropFromMemory(ending) + (unsaved.get(purpose)?.letGo ?? 0);
    const removed = dropFromSpool(ending, letGo, entry);
    if (!removed.ok) {
      unsaved.set(purpose, { entry, letGo });
      return fail(consentFault('CONSENT_UNSAVED'));
    }
    unsaved.delete(purpose);
    return ok(removed.value + letGo);
  };

  const inForce = (): readonly string[] => [
    ...new Set((policy?.purposes.all.filter(isServed) ?? []).flatMap(consentsTo).map(({ id }) => id)),
  ];

  const endOne = (ending: Ending, entry?: ConsentEntry): boolean =>
    dropFromSpool(ending, dropFromMemory(ending), entry).ok;

  const endGrants = (now: Instant): void => {
    for (const entry of [...entries.values()]) {
      if (entry.grant === null || now < entry.grant.until) continue;
      const ended = { ...entry, grant: null };
      const { purpose, grant: over } = entry;
      if (!endOne({ purpose, consent: over.id, cause: 'consent-ended', isNews: true }, ended)) continue;
      entries.set(entry.purpose, ended);
      endings += 1;
    }
  };

  const sweep = (): void => {
    for (const [purpose, { entry }] of [...unsaved]) withdraw(purpose, entry.number);
    // Without a policy the clock may be wrong by years, and nothing that needs a consent is read from the spool anyway.
    if (!parts.agent().hasPolicy()) return;
    endGrants(parts.agent().now());
    const holding = new Set(inForce());
    for (const { purpose, consent } of parts.spools().consents()) {
      if (holding.has(consent)) continue;
      endOne({ purpose, consent, cause: 'consent-ended', isNews: false });
    }
  };

  const grant = (request: GrantRequest): Result<void, ConsentFault> => {
    const entry = grantEntry(request, entries, policy, parts.agent().now());
    if (!entry.ok) return entry;
    try {
      parts.store.keep(entry.value);
    } catch {
      return fail(consentFault('CONSENT_UNSAVED'));
    }
    entries.set(entry.value.purpose, entry.value);
    // What the withdrawal before it could not delete rests on a consent that holds no more, and is swept.
    unsaved.delete(entry.value.purpose);
    return ok(undefined);
  };

  return {
    under: (next) => {
      policy = next && { ...next, standing: { isServed, consentsTo } };
      scopes = new Map((next?.purposes.all ?? []).map((one) => [one.id, next === undefined ? '' : scopeOf(one, next)]));
      return policy;
    },
    grant,
    withdraw,
    show: () => {
      const purposes = policy === undefined ? [] : viewPurposes(policy, entries, parts.agent().now());
      return { number: lastNumber(entries), purposes };
    },
    sweep,
    inForce,
    endings: () => endings,
  };
}

/** Past the limit only the number is remembered, under the name of no purpose. */
function boundEntry(entry: ConsentEntry, entries: ReadonlyMap<string, ConsentEntry>): ConsentEntry {
  return entries.has(entry.purpose) || entries.size < CONSENT_ENTRIES_MAX ? entry : { ...entry, purpose: '' };
}

/** Past the limit a withdrawal is told only where it deletes something, and a second one in a row is told to nobody. */
function isNewsOf(purpose: string, entry: ConsentEntry, before: ConsentEntry | undefined): boolean {
  return entry.purpose === purpose && (before?.withdrawn == null || before.grant !== null);
}
