import type { Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type Clock, civilDateOf } from '../../proto/words/time.ts';
import type { AppendOnly } from '../ports/append-only.ts';
import type { Principal } from '../registers/kinds/principals.ts';
import { type AccessCode, accessFault, FROM_ABROAD, readUnlogged } from './access-fault.ts';
import { type AccessFacts, type Asked, mayRead, type Source } from './may-read.ts';
import { type ReadingWish, sourceOf } from './reading-wish.ts';

/** Stands before everything that can be read. */
export interface AccessGuard {
  /** Faults: ACCESS_UNKNOWN, ACCESS_LAPSED, ACCESS_ROLE, ACCESS_OVERSEAS, ACCESS_ADDRESS, ACCESS_SOURCE; nothing may be answered then. */
  check(reading: Asked, source: Source): Result<Principal, Fault>;
  /** The one entry of an account that stands today, of a person at home. */
  principalOf(account: string): Principal | undefined;
  /** The same of an address alone, before anybody has said who they are. Faults: ACCESS_ADDRESS, ACCESS_SOURCE. */
  checkAddress(address: string | undefined): Result<void, Fault>;
  /** The same for what another process will read; it is on record once this returns. Faults besides: READ_UNLOGGED. */
  enter(wish: ReadingWish): Result<Principal, Fault>;
}

export interface GuardParts extends Omit<AccessFacts, 'on'> {
  readonly clock: Clock;
  readonly operations: AppendOnly;
  readonly alert: (document: Readonly<Record<string, unknown>>) => void;
}

/** One account that asks time and again is logged and alerted once in this time, for each reading and cause. */
const SAID_EVERY_MS = 60_000;
const SAID_MAX = 10_000;

/** Kinds of entries. What is imported stands as it does where it was sent over HTTP, so that who looks for it finds both. */
const KINDS = {
  read: { before: 'read', after: 'read-ended' },
  'files-import': { before: 'files-import', after: 'files-imported' },
} as const;

/**
 * A guard that writes down whom it refuses. Reading from abroad is entered as the kind of transfer it is (G26-I.2): manner
 * `read-from-abroad`. A log that cannot be written refuses nobody less.
 */
export function createAccessGuard(parts: GuardParts): AccessGuard {
  const said = new Map<string, number>();
  const check = (reading: Asked, source: Source): Result<Principal, Fault> => {
    const access = mayRead(reading, source, { ...parts, on: civilDateOf(parts.clock.now()) });
    return access.access === 'granted' ? ok(access.principal) : refuse(reading, source, access);
  };
  const principalOf = (account: string): Principal | undefined => {
    const here = { ...parts, accountOf: () => account, on: civilDateOf(parts.clock.now()) };
    const access = mayRead('own', { via: 'local', uid: 0 }, here);
    return access.access === 'granted' ? access.principal : undefined;
  };
  const checkAddress = (address: string | undefined): Result<void, Fault> => {
    if (address !== undefined && parts.mainland.has(address)) return ok(undefined);
    const because = address === undefined ? 'ACCESS_SOURCE' : 'ACCESS_ADDRESS';
    return refuse('own', { via: 'network', address, account: undefined }, { because, account: undefined });
  };
  const enter = ({ reading, command, stage, act, reason, detail, ...from }: ReadingWish): Result<Principal, Fault> => {
    const source = sourceOf(from, parts.accountOf);
    const checked = check(reading, source);
    if (!checked.ok) return checked;
    const { id } = checked.value;
    const kind = KINDS[act ?? 'read'][stage];
    const about = { command, account: id, ...placeOf(source) };
    const document = act === undefined ? { reading, reason, detail, ...about } : { ...about, ...detail };
    const logged = parts.operations.append([{ kind, transferId: '', actor: id, document }]);
    return logged.ok ? checked : fail(readUnlogged(logged.fault.code));
  };
  return { check, principalOf, checkAddress, enter };

  function refuse(
    reading: Asked,
    source: Source,
    { because, account }: { readonly because: AccessCode; readonly account: string | undefined },
  ): Result<never, Fault> {
    const manner = FROM_ABROAD.includes(because) ? { manner: 'read-from-abroad' } : {};
    const document = { reading, because, account: account ?? null, ...placeOf(source), ...manner };
    if (isNew(JSON.stringify(document), parts.clock.now())) {
      parts.alert({ code: FROM_ABROAD.includes(because) ? 'READ_FROM_ABROAD' : 'ACCESS_REFUSED', ...document });
      parts.operations.append([{ kind: 'access-refused', transferId: '', actor: account ?? 'unknown', document }]);
    }
    return fail(accessFault(because));
  }

  function isNew(what: string, now: number): boolean {
    const last = said.get(what);
    if (last !== undefined && Math.abs(now - last) < SAID_EVERY_MS) return false;
    if (said.size >= SAID_MAX) said.clear();
    said.set(what, now);
    return true;
  }
}

function placeOf(source: Source): Readonly<Record<string, string | number | null>> {
  const { via, address } = source;
  if (via === 'network') return { via, address: address ?? null };
  return { via, uid: source.uid ?? null, ...(address !== undefined && { address }) };
}
