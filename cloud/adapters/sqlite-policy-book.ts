import type { PolicyBook } from '../ports/policy-book.ts';
import { openDatabase } from './open-database.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS policy (
    id TEXT NOT NULL, version INTEGER NOT NULL, purposes TEXT NOT NULL, PRIMARY KEY (id, version)) WITHOUT ROWID;
`;

/** Policies remembered in memory; a fleet lives under a handful. */
const REMEMBERED_MAX = 1_000;

/** A policy that was handed out is never forgotten, and never changes: the same version with other purposes stays as it was. */
export function sqlitePolicyBook(file: string): PolicyBook & { readonly close: () => void } {
  const database = openDatabase(file, SCHEMA, 1);
  const select = database.prepare('SELECT purposes FROM policy WHERE id = ? AND version = ?').pluck();
  const insert = database.prepare('INSERT OR IGNORE INTO policy VALUES (?, ?, ?)');
  const known = new Map<string, readonly string[]>();
  return {
    purposesOf: (policyId, version) => {
      const name = `${version} ${policyId}`;
      const remembered = known.get(name);
      if (remembered !== undefined) return remembered;
      const text = select.get(policyId, version) as string | undefined;
      if (text === undefined) return undefined;
      const purposes = JSON.parse(text) as readonly string[];
      if (known.size >= REMEMBERED_MAX) known.clear();
      known.set(name, purposes);
      return purposes;
    },
    keep: (policyId, version, purposes) => {
      insert.run(policyId, version, JSON.stringify(purposes));
    },
    close: () => {
      database.close();
    },
  };
}
