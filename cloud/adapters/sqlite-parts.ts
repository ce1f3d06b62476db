import type { PersonIndex } from '../counting/person-index.ts';
import type { PartStore } from '../ports/part-store.ts';
import { type PartTables, partStore } from './sql/part-store.ts';
import { sqliteDatabase } from './sql/sqlite-database.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS part (
    transfer_id TEXT PRIMARY KEY, year INTEGER NOT NULL, document TEXT NOT NULL, sensitive INTEGER NOT NULL,
    persons BLOB NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS part_by_year ON part (year);
`;

/** Parts are looked at in memory; the file is appended to. */
const PAGES_MIB = 1;

/** Parts in one SQLite file. @param index - numbers of persons, shared with the counts */
export function sqliteParts(file: string, index?: PersonIndex): PartStore {
  return partStore(sqliteDatabase<PartTables>(file, SCHEMA, PAGES_MIB), index);
}
