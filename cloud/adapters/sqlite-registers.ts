import type { RegisterStore } from '../ports/register-store.ts';
import { type RegisterTables, registerStore } from './sql/register-store.ts';
import { sqliteDatabase } from './sql/sqlite-database.ts';

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

/** The registers in one SQLite file. */
export function sqliteRegisters(file: string): RegisterStore {
  return registerStore(sqliteDatabase<RegisterTables>(file, SCHEMA, PAGES_MIB));
}
