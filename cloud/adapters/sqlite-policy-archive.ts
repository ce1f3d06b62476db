import type { PolicyArchive } from '../ports/policy-archive.ts';
import { type PolicyTables, policyStore } from './sql/policy-store.ts';
import { sqliteDatabase } from './sql/sqlite-database.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS bundle (
    digest BLOB PRIMARY KEY, id TEXT NOT NULL, version INTEGER NOT NULL, kept_at INTEGER NOT NULL, signed BLOB NOT NULL);
  CREATE INDEX IF NOT EXISTS bundle_by_version ON bundle (id, version);
`;

/** Bundles are few, and in memory once they are asked for. */
const PAGES_MIB = 2;

/** The bundles of an installation, in a file of their own. */
export function sqlitePolicyArchive(file: string): PolicyArchive {
  return policyStore(sqliteDatabase<PolicyTables>(file, SCHEMA, PAGES_MIB));
}
