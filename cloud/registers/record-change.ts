import type { Fault } from '../../proto/words/fault.ts';
import { assert, fail, ok, type Result } from '../../proto/words/result.ts';
import type { AppendOnly } from '../ports/append-only.ts';
import type { Concerned, RegisterLook, RegisterStore } from '../ports/register-store.ts';
import { type RegisterChange, type Registers, type Wish, weighChange } from './change.ts';
import type { RegisterEntry } from './kind.ts';

/** Kind of a register change in the operations log. */
export const REGISTER_LOG_KIND = 'register';

export interface RegisterBooks {
  readonly operations: AppendOnly;
  readonly store: RegisterStore;
}

/**
 * Makes one change: weighed, then in the operations log with who, before and after, and only then in the register. After a
 * crash in between `replayRegisters` takes the change from the log.
 *
 * Faults: those of `weighChange`, and the log's; then nothing was changed.
 */
export function recordChange(
  wish: Wish,
  by: string,
  { operations, store }: RegisterBooks,
): Result<RegisterEntry, readonly Fault[]> {
  const weighed = weighChange(wish, by, viewOf(store));
  if (!weighed.ok) return weighed;
  const document = documentOf(weighed.value);
  const logged = operations.append([{ kind: REGISTER_LOG_KIND, transferId: '', actor: by, document }]);
  if (!logged.ok) return fail([logged.fault]);
  store.apply(weighed.value.after, logged.value.firstIndex);
  return ok(weighed.value.after);
}

export function viewOf(store: RegisterLook): Registers {
  const findAny = (kind: string, id: string): RegisterEntry | undefined => store.find(kind, id);
  return {
    findAny,
    find: (kind, id) => {
      const entry = findAny(kind, id);
      return entry?.isWithdrawn === true ? undefined : entry;
    },
    list: (kind) => store.list(kind),
    count: (kind) => store.count(kind),
    holdersOf: (kind, number) => store.holdersOf(kind, number),
  };
}

/** The registers as one transfer looks at them: of documents only those that name some of it, looked for once. */
export function viewFor(look: RegisterLook, of: Concerned): Registers {
  const found = new Map<string, readonly RegisterEntry[]>();
  const list = (kind: string): readonly RegisterEntry[] => {
    const known = found.get(kind) ?? look.concerning(kind, of);
    found.set(kind, known);
    return known;
  };
  return { ...viewOf(look), list };
}

/** A change as the log keeps it. */
export function documentOf({ act, before, after, reason }: RegisterChange): Readonly<Record<string, unknown>> {
  return { act, before, after, ...(reason === undefined ? {} : { reason }) };
}

/** Entries of the log from an index on, as the log gives them. */
export type LogEntries = (
  from: number,
) => Iterable<{ readonly index: number; readonly leaf: { readonly kind: string; readonly document: Uint8Array } }>;

/** After a start: applies what is in the log and not yet in the register, which a crash can leave. */
export function replayRegisters(entries: LogEntries, store: RegisterStore): number {
  let applied = 0;
  for (const { index, leaf } of entries(store.appliedTo() + 1)) {
    if (leaf.kind !== REGISTER_LOG_KIND) continue;
    const { after } = JSON.parse(Buffer.from(leaf.document).toString('utf8')) as { readonly after?: RegisterEntry };
    assert(after !== undefined, 'a register entry of the log holds what it changed to');
    store.apply(after, index);
    applied += 1;
  }
  return applied;
}
