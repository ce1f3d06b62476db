import { createHash } from 'node:crypto';
import { decodePolicyBundle, decodeSignedPolicyBundle, type PolicyBundle } from '../../../proto/codec/control-codec.ts';
import { assert } from '../../../proto/words/result.ts';
import type { Instant } from '../../../proto/words/time.ts';
import type { PolicyArchive } from '../../ports/policy-archive.ts';
import type { Places, SqlDatabase } from './sql-database.ts';

export interface PolicyTables {
  readonly bundle: {
    /** SHA-256 of what was signed. */
    readonly digest: Uint8Array;
    readonly id: string;
    readonly version: number;
    readonly kept_at: Instant;
    readonly signed: Uint8Array;
  };
}

type Row = PolicyTables['bundle'];

/** Bundles with one name and version that are compared; an operator who signs one version more often than this is mistaken. */
const SAME_VERSION_MAX = 8;

/** Versions kept in memory; what vehicles name comes from them, so names that are not held are remembered as well. */
const REMEMBERED_MAX = 1_024;

/** The bundles of an installation, in one store. */
export function policyStore({ prepare, tables, close }: SqlDatabase<PolicyTables>): PolicyArchive {
  const insert = prepare((at: Places<Row>) =>
    tables
      .insertInto('bundle')
      .values({ digest: at.digest, id: at.id, version: at.version, kept_at: at.kept_at, signed: at.signed })
      .onConflict((on) => on.doNothing()),
  );
  const select = prepare((at: Places<Pick<Row, 'id' | 'version'>>) =>
    tables
      .selectFrom('bundle')
      .select('signed')
      .where('id', '=', at.id)
      .where('version', '=', at.version)
      .orderBy('kept_at')
      .limit(SAME_VERSION_MAX),
  );
  const count = prepare(() => tables.selectFrom('bundle').select(({ fn }) => fn.countAll<number>().as('rows')));
  const remembered = new Map<string, readonly PolicyBundle[]>();
  return {
    keep: (signed, kept_at) => {
      const bundle = bundleIn(signed);
      assert(bundle !== undefined, 'a bundle that was verified can be read');
      const { id, version } = bundle;
      const digest = createHash('sha256').update(signed).digest();
      const [added] = insert.runEach([{ digest, id, version, kept_at, signed }]);
      if (added === 1) remembered.clear();
    },
    find: (id, version) => {
      const name = `${version} ${id}`;
      const known = remembered.get(name);
      if (known !== undefined) return known;
      const found = select.all({ id, version }).flatMap(({ signed }) => bundleIn(signed) ?? []);
      if (remembered.size >= REMEMBERED_MAX) remembered.clear();
      remembered.set(name, found);
      return found;
    },
    look: () => remembered.clear(),
    count: () => count.get({})?.rows ?? 0,
    close,
  };
}

function bundleIn(signed: Uint8Array): PolicyBundle | undefined {
  const envelope = decodeSignedPolicyBundle(signed);
  const bundle = envelope.ok ? decodePolicyBundle(envelope.value.bundle) : envelope;
  return bundle.ok ? bundle.value : undefined;
}
