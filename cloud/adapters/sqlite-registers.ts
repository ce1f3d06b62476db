import type { RegisterStore } from '../ports/register-store.ts';
import type { RegisterEntry } from '../registers/kind.ts';
import { openDatabase } from './open-database.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS entry (
    kind TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, document TEXT NOT NULL,
    PRIMARY KEY (kind, id)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS applied (only INTEGER PRIMARY KEY CHECK (only = 0), log_index INTEGER NOT NULL);
`;

/** The registers in one SQLite file; the operations log holds every version of every entry. */
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
  const list = database.prepare('SELECT document FROM entry WHERE kind = ? ORDER BY id').pluck();
  const appliedTo = (): number => (last.get() as number | undefined) ?? -1;
  // Entries by kind as they stand: verdicts look through whole registers. Only this process writes the file.
  const known = new Map<string, Map<string, RegisterEntry>>();
  const ofKind = (kind: string): Map<string, RegisterEntry> => {
    const read = known.get(kind) ?? new Map((list.all(kind) as string[]).map(parsed).map((entry) => [entry.id, entry]));
    known.set(kind, read);
    return read;
  };
  const write = database.transaction((entry: RegisterEntry, logIndex: number) => {
    if (logIndex <= appliedTo()) return false;
    const { kind, id, version } = entry;
    put.run({ kind, id, version, document: JSON.stringify(entry) });
    mark.run(logIndex);
    return true;
  });
  return {
    apply: (entry, logIndex) => {
      const isNew = write(entry, logIndex);
      if (isNew) known.get(entry.kind)?.set(entry.id, entry);
    },
    appliedTo,
    find: (kind, id) => ofKind(kind).get(id),
    list: (kind) => [...ofKind(kind).values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    close: () => {
      database.close();
    },
  };
}

const parsed = (text: string): RegisterEntry => JSON.parse(text) as RegisterEntry;
