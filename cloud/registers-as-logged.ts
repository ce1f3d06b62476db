import { canonicalJson } from '../proto/words/canonical-json.ts';
import type { RegisterStore } from './ports/register-store.ts';
import type { RegisterEntry } from './registers/kind.ts';
import { type LogEntries, REGISTER_LOG_KIND } from './registers/record-change.ts';

export interface LoggedRegisters {
  /** The first entry that is not as the log has it. */
  readonly differing: () => string | undefined;
  /** The log as `differing` reads it, each entry once: what a start reads through it is not read a second time. */
  readonly following: LogEntries;
}

/**
 * Holds the registers against the operations log, which they are a view of: an entry that was changed, added or taken away by another
 * hand is told by kind and id. What is read again from the file is compared again, and nothing else.
 *
 * @param entries - of the log, or those of the registers alone
 * @param kinds - of registers there are
 * @param size - of the log: as far as it was read once it is not read again
 */
export function registersAsLogged(
  entries: LogEntries,
  store: Pick<RegisterStore, 'find' | 'list'>,
  kinds: readonly string[],
  size: () => number,
): LoggedRegisters {
  const expected = new Map<string, { readonly kind: string; readonly id: string; readonly text: string }>();
  const counts = new Map<string, number>();
  const good = new Map<string, RegisterEntry>();
  let next = 0;
  const note = (document: Uint8Array): void => {
    const { after } = JSON.parse(Buffer.from(document).toString('utf8')) as { readonly after: RegisterEntry };
    const key = `${after.kind}/${after.id}`;
    if (!expected.has(key)) counts.set(after.kind, (counts.get(after.kind) ?? 0) + 1);
    expected.set(key, { kind: after.kind, id: after.id, text: canonicalJson(after) });
    good.delete(key);
  };
  function* following(from: number): ReturnType<LogEntries> {
    const end = size();
    if (next >= end) return;
    for (const entry of entries(next)) {
      next = entry.index + 1;
      if (entry.leaf.kind === REGISTER_LOG_KIND) note(entry.leaf.document);
      if (entry.index >= from) yield entry;
    }
    next = Math.max(next, end);
  }
  const isAsLogged = (key: string, { kind, id, text }: { kind: string; id: string; text: string }): boolean => {
    const entry = store.find(kind, id);
    if (entry === undefined) return false;
    if (good.get(key) === entry) return true;
    if (canonicalJson(entry) !== text) return false;
    good.set(key, entry);
    return true;
  };
  const differing = (): string | undefined => {
    for (const _ of following(Number.POSITIVE_INFINITY));
    for (const [key, one] of expected) if (!isAsLogged(key, one)) return key;
    return kinds.find((kind) => store.list(kind).length !== (counts.get(kind) ?? 0));
  };
  return { differing, following };
}
