import { createHash } from 'node:crypto';
import { decodePolicyBundle, decodeSignedPolicyBundle, type PolicyBundle } from '../../proto/codec/control-codec.ts';
import { assert } from '../../proto/words/result.ts';
import type { PolicyArchive } from '../ports/policy-archive.ts';
import { openDatabase } from './open-database.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS bundle (
    digest BLOB PRIMARY KEY, id TEXT NOT NULL, version INTEGER NOT NULL, kept_at INTEGER NOT NULL, signed BLOB NOT NULL);
  CREATE INDEX IF NOT EXISTS bundle_by_version ON bundle (id, version);
`;

/** Bundles with one name and version that are compared; an operator who signs one version more often than this is mistaken. */
const SAME_VERSION_MAX = 8;

/** Versions kept in memory; what vehicles name comes from them, so names that are not held are remembered as well. */
const REMEMBERED_MAX = 1_024;

/** The bundles of an installation, in a file of their own. */
export function sqlitePolicyArchive(file: string): PolicyArchive {
  const database = openDatabase(file, SCHEMA, 2);
  const insert = database.prepare('INSERT OR IGNORE INTO bundle VALUES (?, ?, ?, ?, ?)');
  const select = database
    .prepare(`SELECT signed FROM bundle WHERE id = ? AND version = ? ORDER BY kept_at LIMIT ${SAME_VERSION_MAX}`)
    .pluck();
  const count = database.prepare('SELECT count(*) FROM bundle').pluck();
  const remembered = new Map<string, readonly PolicyBundle[]>();
  return {
    keep: (signed, at) => {
      const bundle = bundleIn(signed);
      assert(bundle !== undefined, 'a bundle that was verified can be read');
      const digest = createHash('sha256').update(signed).digest();
      if (insert.run(digest, bundle.id, bundle.version, at, signed).changes > 0) remembered.clear();
    },
    find: (id, version) => {
      const name = `${version} ${id}`;
      const known = remembered.get(name);
      if (known !== undefined) return known;
      const found = (select.all(id, version) as Uint8Array[]).flatMap((signed) => bundleIn(signed) ?? []);
      if (remembered.size >= REMEMBERED_MAX) remembered.clear();
      remembered.set(name, found);
      return found;
    },
    count: () => count.get() as number,
    close: () => {
      database.close();
    },
  };
}

function bundleIn(signed: Uint8Array): PolicyBundle | undefined {
  const envelope = decodeSignedPolicyBundle(signed);
  const bundle = envelope.ok ? decodePolicyBundle(envelope.value.bundle) : envelope;
  return bundle.ok ? bundle.value : undefined;
}
