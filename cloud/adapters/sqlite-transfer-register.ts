import type { PersonIndex } from '../counting/person-index.ts';
import type { TransferRegister } from '../ports/transfer-register.ts';
import { sqliteDatabase } from './sql/sqlite-database.ts';
import { transferRegister } from './sql/transfer-register.ts';
import type { TransferTables } from './sql/transfer-tables.ts';
import { TALLY_SCHEMA } from './transfer-tally-schema.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS transfer (
    transfer_id TEXT PRIMARY KEY, requested_at INTEGER NOT NULL, dataset_id TEXT NOT NULL, recipient_id TEXT NOT NULL,
    purpose TEXT NOT NULL, state TEXT NOT NULL, persons INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS person (number INTEGER PRIMARY KEY, digest BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS persons (first INTEGER PRIMARY KEY, digests BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS holding (
    transfer_id TEXT NOT NULL, kind TEXT NOT NULL, year INTEGER NOT NULL, route TEXT NOT NULL, exempt INTEGER NOT NULL,
    persons BLOB NOT NULL, PRIMARY KEY (transfer_id, kind));
  CREATE TABLE IF NOT EXISTS volume (transfer_id TEXT PRIMARY KEY, bytes INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS holding_by_year ON holding (year);
  DROP INDEX IF EXISTS transfer_by_state;
  CREATE INDEX IF NOT EXISTS transfer_by_state_and_time ON transfer (state, requested_at, transfer_id);
  CREATE INDEX IF NOT EXISTS transfer_by_time ON transfer (requested_at, transfer_id);
  CREATE INDEX IF NOT EXISTS transfer_by_ends ON transfer (dataset_id, recipient_id, state);
  CREATE TABLE IF NOT EXISTS held (transfer_id TEXT PRIMARY KEY, document TEXT NOT NULL, persons BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS approval (
    transfer_id TEXT NOT NULL, log_index INTEGER NOT NULL, account TEXT NOT NULL, person TEXT NOT NULL,
    at INTEGER NOT NULL, PRIMARY KEY (transfer_id, log_index)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS revision (
    id INTEGER PRIMARY KEY CHECK (id = 0), counts INTEGER NOT NULL, moves INTEGER NOT NULL);
  INSERT OR IGNORE INTO revision VALUES (0, 0, 0);
`;

/** Persons are looked up in memory; the file is appended to. */
const PAGES_MIB = 2;

/** Transfers and exact counts in one SQLite file. */
export function sqliteTransferRegister(file: string): TransferRegister & { readonly persons: PersonIndex } {
  return transferRegister(sqliteDatabase<TransferTables>(file, SCHEMA + TALLY_SCHEMA, PAGES_MIB));
}
