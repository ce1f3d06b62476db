import type { RegisterStore } from '../ports/register-store.ts';
import { createEntryIndex, type EntryIndex } from '../registers/entry-index.ts';
import type { RegisterEntry } from '../registers/kind.ts';
import { openDatabase } from './open-database.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS entry (
    kind TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, document TEXT NOT NULL,
    PRIMARY KEY (kind, id)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS change (
    kind TEXT NOT NULL, id TEXT NOT NULL, log_index INTEGER NOT NULL, PRIMARY KEY (kind, id, log_index)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS applied (only INTEGER PRIMARY KEY CHECK (only = 0), log_index INTEGER NOT NULL);
`;

/** Entries are looked up in memory; the file is read once and written to. */
const PAGES_MIB = 1;

/** One after the other: ten thousand texts at once are as much again as the entries. */
function* entriesOf(texts: Iterable<string>): Generator<RegisterEntry> {
  for (const text of texts) yield JSON.parse(text) as RegisterEntry;
}

/**
 * The registers in one SQLite file; the operations log holds every version of every entry. They are in memory once they are
 * read, and read again where another process has changed them.
 */
export function sqliteRegisters(file: string): RegisterStore {
  const database = openDatabase(file, SCHEMA, PAGES_MIB);
  const put = database.prepare(
    `INSERT INTO entry VALUES (@kind, @id, @version, @document)
     ON CONFLICT (kind, id) DO UPDATE SET version = excluded.version, document = excluded.document`,
  );
  const note = database.prepare('INSERT OR IGNORE INTO change VALUES (?, ?, ?)');
  const changes = database
    .prepare('SELECT log_index FROM change WHERE kind = ? AND id = ? AND log_index < ? ORDER BY log_index DESC LIMIT ?')
    .pluck();
  const mark = database.prepare(
    'INSERT INTO applied VALUES (0, ?) ON CONFLICT (only) DO UPDATE SET log_index = excluded.log_index',
  );
  const last = database.prepare('SELECT log_index FROM applied').pluck();
  const all = database.prepare('SELECT document FROM entry').pluck();
  const appliedTo = (): number => (last.get() as number | undefined) ?? -1;
  const write = database.transaction((entries: readonly RegisterEntry[], firstIndex: number) => {
    const known = Math.max(0, appliedTo() + 1 - firstIndex);
    const fresh = entries.slice(known);
    for (const [at, entry] of fresh.entries()) {
      const { kind, id, version } = entry;
      put.run({ kind, id, version, document: JSON.stringify(entry) });
      note.run(kind, id, firstIndex + known + at);
    }
    if (fresh.length > 0) mark.run(firstIndex + entries.length - 1);
  });
  let read: { readonly index: EntryIndex; readonly at: number } | undefined;

  function current(): EntryIndex {
    const at = appliedTo();
    if (read?.at !== at) read = { index: createEntryIndex(entriesOf(all.iterate() as Iterable<string>)), at };
    return read.index;
  }

  function applyAll(entries: readonly RegisterEntry[], firstIndex: number): void {
    const before = appliedTo();
    write(entries, firstIndex);
    // What is in memory goes on with the file, unless it was behind it already.
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
    changesOf: (kind, id, before, limit) => changes.all(kind, id, before, limit) as number[],
    close: () => {
      database.close();
    },
  };
}
