import type { Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type Clock, civilDateOf } from '../../proto/words/time.ts';
import type { AppendOnly } from '../ports/append-only.ts';
import type { Principal, Reading } from '../registers/kinds/principals.ts';
import { accessFault, FROM_ABROAD, readUnlogged } from './access-fault.ts';
import { type AccessFacts, mayRead, type Source } from './may-read.ts';
import { type ReadingWish, sourceOf } from './reading-wish.ts';

/** Stands before everything that can be read. */
export interface AccessGuard {
  /** Faults: ACCESS_UNKNOWN, ACCESS_LAPSED, ACCESS_ROLE, ACCESS_OVERSEAS, ACCESS_ADDRESS, ACCESS_SOURCE; nothing may be answered then. */
  check(reading: Reading, source: Source): Result<Principal, Fault>;
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

/**
 * A guard that writes down whom it refuses. Reading from abroad is entered as the kind of transfer it is (G26-I.2): manner
 * `read-from-abroad`. A log that cannot be written refuses nobody less.
 */
export function createAccessGuard(parts: GuardParts): AccessGuard {
  const said = new Map<string, number>();
  const check = (reading: Reading, source: Source): Result<Principal, Fault> => {
    const now = parts.clock.now();
    const access = mayRead(reading, source, { ...parts, on: civilDateOf(now) });
    if (access.access === 'granted') return ok(access.principal);
    const { because, account } = access;
    const manner = FROM_ABROAD.includes(because) ? { manner: 'read-from-abroad' } : {};
    const document = { reading, because, account: account ?? null, ...placeOf(source), ...manner };
    if (isNew(JSON.stringify(document), now)) {
      parts.alert({ code: FROM_ABROAD.includes(because) ? 'READ_FROM_ABROAD' : 'ACCESS_REFUSED', ...document });
      parts.operations.append([{ kind: 'access-refused', transferId: '', actor: account ?? 'unknown', document }]);
    }
    return fail(accessFault(because));
  };
  const enter = ({ reading, command, stage, reason, detail, ...from }: ReadingWish): Result<Principal, Fault> => {
    const source = sourceOf(from, parts.accountOf);
    const checked = check(reading, source);
    if (!checked.ok) return checked;
    const { id } = checked.value;
    const kind = stage === 'before' ? 'read' : 'read-ended';
    const document = { reading, command, reason, detail, account: id, ...placeOf(source) };
    const logged = parts.operations.append([{ kind, transferId: '', actor: id, document }]);
    return logged.ok ? checked : fail(readUnlogged(logged.fault.code));
  };
  return { check, enter };

  function isNew(what: string, now: number): boolean {
    const last = said.get(what);
    if (last !== undefined && Math.abs(now - last) < SAID_EVERY_MS) return false;
    if (said.size >= SAID_MAX) said.clear();
    said.set(what, now);
    return true;
  }
}

function placeOf(source: Source): Readonly<Record<string, string | number | null>> {
  const from = source.via === 'local' ? { uid: source.uid ?? null } : { address: source.address ?? null };
  return { via: source.via, ...from };
}
