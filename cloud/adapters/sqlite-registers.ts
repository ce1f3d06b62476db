import type { RegisterStore } from '../ports/register-store.ts';
import { createEntryIndex, type EntryIndex } from '../registers/entry-index.ts';
import type { RegisterEntry } from '../registers/kind.ts';
import { openDatabase } from './open-database.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS entry (
    kind TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, document TEXT NOT NULL,
    PRIMARY KEY (kind, id)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS applied (only INTEGER PRIMARY KEY CHECK (only = 0), log_index INTEGER NOT NULL);
`;

/**
 * The registers in one SQLite file; the operations log holds every version of every entry. They are in memory once they are
 * read, and read again where another process has changed them.
 */
export function sqliteRegisters(file: string): RegisterStore {
  const database = openDatabase(file, SCHEMA);
  const put = database.prepare(
    `INSERT INTO entry VALUES (@kind, @id, @version, @document)
     ON CONFLICT (kind, id) DO UPDATE SET version = excluded.version, document = excluded.document`,
  );
  const mark = database.prepare(
    'INSERT INTO applied VALUES (0, ?) ON CONFLICT (only) DO UPDATE SET log_index = excluded.log_index',
  );
  const last = database.prepare('SELECT log_index FROM applied').pluck();
  const all = database.prepare('SELECT document FROM entry').pluck();
  const appliedTo = (): number => (last.get() as number | undefined) ?? -1;
  const apply = database.transaction((entry: RegisterEntry, logIndex: number) => {
    if (logIndex <= appliedTo()) return;
    const { kind, id, version } = entry;
    put.run({ kind, id, version, document: JSON.stringify(entry) });
    mark.run(logIndex);
  });
  let read: { readonly index: EntryIndex; readonly at: number } | undefined;

  function current(): EntryIndex {
    const at = appliedTo();
    if (read?.at !== at) {
      const texts = all.all() as string[];
      read = { index: createEntryIndex(texts.map((text) => JSON.parse(text) as RegisterEntry)), at };
    }
    return read.index;
  }

  return {
    apply: (entry, logIndex) => {
      const before = appliedTo();
      apply(entry, logIndex);
      // What is in memory goes on with the file, unless it was behind it already.
      if (read === undefined || read.at !== before || logIndex <= before) return;
      read.index.put(JSON.parse(JSON.stringify(entry)) as RegisterEntry);
      read = { index: read.index, at: logIndex };
    },
    appliedTo,
    find: (kind, id) => current().find(kind, id),
    list: (kind) => current().list(kind),
    concerning: (kind, of) => current().concerning(kind, of),
    close: () => {
      database.close();
    },
  };
}
