import type { AppendOnly } from '../../../../cloud/ports/append-only.ts';
import type { RegisterStore } from '../../../../cloud/ports/register-store.ts';
import type { Wish } from '../../../../cloud/registers/change.ts';
import { createEntryIndex } from '../../../../cloud/registers/entry-index.ts';
import type { RegisterEntry } from '../../../../cloud/registers/kind.ts';
import type { LogEntries } from '../../../../cloud/registers/record-change.ts';
import { recordChange, viewOf } from '../../../../cloud/registers/record-change.ts';
import { ok } from '../../../../proto/words/result.ts';
import { BODIES } from './entries.ts';

/** Registers in memory over a log that is a list; documents are whole unless a test says otherwise. */
export function scratchRegisters() {
  const log: { kind: string; transferId: string; actor: string; document: Readonly<Record<string, unknown>> }[] = [];
  const entries = createEntryIndex([]);
  let applied = -1;
  const apply = (entry: RegisterEntry, logIndex: number): void => {
    if (logIndex <= applied) return;
    entries.put(entry);
    applied = logIndex;
  };
  const store: RegisterStore = {
    apply,
    applyAll: (all, firstIndex) => {
      for (const [at, entry] of all.entries()) apply(entry, firstIndex + at);
    },
    appliedTo: () => applied,
    look: () => entries,
    find: entries.find,
    list: entries.list,
    concerning: entries.concerning,
    count: entries.count,
    holdersOf: entries.holdersOf,
    changesOf: () => [],
    close: () => undefined,
  };
  const operations = {
    append: (added: readonly (typeof log)[number][]) => {
      log.push(...added);
      return ok({ firstIndex: log.length - added.length, leafHashes: [new Uint8Array(32)] });
    },
  };
  const books = { operations: operations as unknown as AppendOnly, store };
  const states = new Map<string, 'whole' | 'changed' | 'absent'>();
  const change = (wish: Wish, by = 'alice'): string => {
    const changed = recordChange(wish, by, books);
    return changed.ok ? 'fine' : changed.fault.map(({ code }) => code).join(' ');
  };
  const entriesOfLog: LogEntries = function* (from) {
    for (const [index, { kind, document }] of log.entries()) {
      if (index >= from) yield { index, leaf: { kind, document: Buffer.from(JSON.stringify(document)) } };
    }
  };
  return {
    log,
    store,
    operations: books.operations,
    entriesOfLog,
    registers: viewOf(store),
    states,
    documents: { state: (sha256: string) => states.get(sha256) ?? ('whole' as const) },
    change,
    add: (kind: string, changes: object = {}, by?: string) =>
      change({ act: 'add', kind, body: { ...BODIES[kind], ...changes } }, by),
    replace: (kind: string, changes: object = {}, by?: string) =>
      change({ act: 'replace', kind, body: { ...BODIES[kind], ...changes } }, by),
    attach: (kind: string, id: string, sha256: string) =>
      change({ act: 'attach', kind, id, attachment: { name: 'a.pdf', sha256, bytes: 1 } }),
    confirm: (kind: string, id: string, by: string, version = store.find(kind, id)?.version ?? 0) =>
      change({ act: 'confirm', kind, id, version }, by),
    withdraw: (kind: string, id: string) => change({ act: 'withdraw', kind, id, reason: 'over' }),
  };
}
