import type { RegisterStore } from '../../ports/register-store.ts';
import { createEntryIndex, type EntryIndex } from '../../registers/entry-index.ts';
import type { RegisterEntry } from '../../registers/kind.ts';
import type { Places, SqlDatabase } from './sql-database.ts';

/** Entries as they stand, where each change of one stands in the operations log, and how far that log was looked at. */
export interface RegisterTables {
  readonly entry: { readonly kind: string; readonly id: string; readonly version: number; readonly document: string };
  readonly change: { readonly kind: string; readonly id: string; readonly log_index: number };
  /** One row, or none. */
  readonly applied: { readonly only: number; readonly log_index: number };
}

/** One after the other: ten thousand texts at once are as much again as the entries. */
function* entriesOf(rows: Iterable<{ readonly document: string }>): Generator<RegisterEntry> {
  for (const { document } of rows) yield JSON.parse(document) as RegisterEntry;
}

/**
 * The registers in one store; the operations log holds every version of every entry. They are in memory once they are read, and
 * read again where another process has changed them.
 */
export function registerStore(database: SqlDatabase<RegisterTables>): RegisterStore {
  const sql = statements(database);
  const appliedTo = (): number => sql.last.get({})?.index ?? -1;
  let read: { readonly index: EntryIndex; readonly at: number } | undefined;

  function current(): EntryIndex {
    const at = appliedTo();
    if (read?.at !== at) read = { index: createEntryIndex(entriesOf(sql.all.each({}))), at };
    return read.index;
  }

  function write(entries: readonly RegisterEntry[], firstIndex: number): void {
    const known = Math.max(0, appliedTo() + 1 - firstIndex);
    const fresh = entries.slice(known);
    for (const [at, entry] of fresh.entries()) {
      const { kind, id, version } = entry;
      sql.put.run({ kind, id, version, document: JSON.stringify(entry) });
      sql.note.run({ kind, id, index: firstIndex + known + at });
    }
    if (fresh.length > 0) sql.mark.run({ index: firstIndex + entries.length - 1 });
  }

  function applyAll(entries: readonly RegisterEntry[], firstIndex: number): void {
    const before = appliedTo();
    database.transaction(() => write(entries, firstIndex));
    // What is in memory goes on with the store, unless it was behind it already.
    if (read === undefined || read.at !== before || firstIndex <= before || entries.length === 0) return;
    for (const entry of entries) read.index.put(JSON.parse(JSON.stringify(entry)) as RegisterEntry);
    read = { index: read.index, at: firstIndex + entries.length - 1 };
  }

  return {
    apply: (entry, logIndex) => applyAll([entry], logIndex),
    applyAll,
    appliedTo,
    look: current,
    find: (kind, id) => current().find(kind, id),
    list: (kind) => current().list(kind),
    concerning: (kind, of) => current().concerning(kind, of),
    count: (kind) => current().count(kind),
    holdersOf: (kind, number) => current().holdersOf(kind, number),
    changesOf: (kind, id, before, limit) => sql.changes.all({ kind, id, before, limit }).map(({ index }) => index),
    close: database.close,
  };
}

interface Of {
  readonly kind: string;
  readonly id: string;
}

function statements({ prepare, tables }: SqlDatabase<RegisterTables>) {
  return {
    put: prepare((at: Places<RegisterTables['entry']>) =>
      tables
        .insertInto('entry')
        .values({ kind: at.kind, id: at.id, version: at.version, document: at.document })
        .onConflict((on) => on.columns(['kind', 'id']).doUpdateSet({ version: at.version, document: at.document })),
    ),
    note: prepare((at: Places<Of & { readonly index: number }>) =>
      tables
        .insertInto('change')
        .values({ kind: at.kind, id: at.id, log_index: at.index })
        .onConflict((on) => on.doNothing()),
    ),
    changes: prepare((at: Places<Of & { readonly before: number; readonly limit: number }>) =>
      tables
        .selectFrom('change')
        .select('log_index as index')
        .where('kind', '=', at.kind)
        .where('id', '=', at.id)
        .where('log_index', '<', at.before)
        .orderBy('log_index', 'desc')
        .limit(at.limit),
    ),
    mark: prepare((at: Places<{ readonly index: number }>) =>
      tables
        .insertInto('applied')
        .values({ only: 0, log_index: at.index })
        .onConflict((on) => on.column('only').doUpdateSet({ log_index: at.index })),
    ),
    last: prepare(() => tables.selectFrom('applied').select('log_index as index')),
    all: prepare(() => tables.selectFrom('entry').select('document')),
  };
}
