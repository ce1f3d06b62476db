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
  const find = database.prepare('SELECT document FROM entry WHERE kind = ? AND id = ?').pluck();
  const list = database.prepare('SELECT document FROM entry WHERE kind = ? ORDER BY id').pluck();
  const appliedTo = (): number => (last.get() as number | undefined) ?? -1;
  const apply = database.transaction((entry: RegisterEntry, logIndex: number) => {
    if (logIndex <= appliedTo()) return;
    const { kind, id, version } = entry;
    put.run({ kind, id, version, document: JSON.stringify(entry) });
    mark.run(logIndex);
  });
  return {
    apply: (entry, logIndex) => apply(entry, logIndex),
    appliedTo,
    find: (kind, id) => {
      const text = find.get(kind, id) as string | undefined;
      return text === undefined ? undefined : (JSON.parse(text) as RegisterEntry);
    },
    list: (kind) => (list.all(kind) as string[]).map((text) => JSON.parse(text) as RegisterEntry),
    close: () => {
      database.close();
    },
  };
}
