import type { BatchNote, Ledger, ShownBatch } from '../../ports/ledger.ts';
import type { LedgerTables } from './ledger-tables.ts';
import { putRows } from './put-rows.ts';
import type { Places, SqlDatabase } from './sql-database.ts';

type Provenance = Omit<LedgerTables['provenance'], 'id'>;

/** Rows that are sent together. */
const ROWS_AT_ONCE = 512;
/** Provenances kept in memory. A fleet has a few hundred; who makes up steps pays a look for each batch. */
const REMEMBERED_MAX = 4_096;

/** What vehicles told with their batches. `keep` works within the transaction of a commit, which may be run again. */
export interface LedgerNotes {
  readonly keep: (notes: readonly BatchNote[]) => void;
  /** The commit went through. */
  readonly kept: () => void;
  readonly removed: Ledger['removed'];
  readonly latest: Ledger['latest'];
}

export function ledgerNotes(database: SqlDatabase<LedgerTables>): LedgerNotes {
  const sql = statements(database);
  const provenance = provenanceNumbers(database);
  return {
    keep: (notes) => {
      provenance.begin();
      const rows = notes.map((note) => {
        const { deviceNumber: device, epoch, firstSequence: first_sequence, count, receivedAt: received_at } = note;
        const removals = note.removals.length === 0 ? null : JSON.stringify(note.removals);
        return { device, epoch, first_sequence, count, received_at, provenance: provenance.numberOf(note), removals };
      });
      sql.insertAll(rows.filter(({ removals }) => removals === null));
      const counts = new Map<string, number>();
      const telling = rows.flatMap((row, at) => (row.removals === null ? [] : [{ row, note: notes[at] }]));
      for (let at = 0; at < telling.length; at += ROWS_AT_ONCE) {
        const some = telling.slice(at, at + ROWS_AT_ONCE);
        const added = sql.insert.runEach(some.map(({ row }) => row));
        // A batch that is sent again has told of its removals before.
        for (const [index, isNew] of added.entries())
          for (const { cause, count } of isNew === 1 ? (some[index]?.note?.removals ?? []) : [])
            counts.set(cause, (counts.get(cause) ?? 0) + count);
      }
      for (const [cause, count] of counts) sql.remove.run({ cause, count });
    },
    kept: provenance.kept,
    removed: () => Object.fromEntries(sql.removed.all({}).map(({ cause, count }) => [cause, count])),
    // By the key, epoch for epoch: epochs are drawn, so they have no order in time.
    latest: (device, limit) =>
      sql.epochs
        .all({ device })
        .flatMap(({ epoch }) => sql.newest.all({ device, epoch, limit }))
        .sort((a, b) => b.received_at - a.received_at)
        .slice(0, limit)
        .map(shownOf),
  };
}

interface ProvenanceNumbers {
  readonly begin: () => void;
  readonly numberOf: (note: Pick<BatchNote, 'policyId' | 'policyVersion' | 'steps'>) => number;
  readonly kept: () => void;
}

/** Policy and steps are the same for many batches, and stand once. Numbers are given by the one who writes. */
function provenanceNumbers({ prepare, tables }: SqlDatabase<LedgerTables>): ProvenanceNumbers {
  const remembered = new Map<string, number>();
  // Of a commit that may yet come to nothing.
  const fresh = new Map<string, number>();
  const find = prepare((at: Places<Provenance>) =>
    tables
      .selectFrom('provenance')
      .select('id')
      .where('policy_id', '=', at.policy_id)
      .where('policy_version', '=', at.policy_version)
      .where('steps', '=', at.steps),
  );
  const last = prepare(() => tables.selectFrom('provenance').select((eb) => eb.fn.max('id').as('id')));
  const add = prepare((at: Places<LedgerTables['provenance']>) =>
    tables
      .insertInto('provenance')
      .values({ id: at.id, policy_id: at.policy_id, policy_version: at.policy_version, steps: at.steps }),
  );
  const stored = (row: Provenance): number => {
    const known = find.get(row)?.id;
    if (known !== undefined) return known;
    const id = (last.get({})?.id ?? 0) + 1;
    add.run({ ...row, id });
    return id;
  };
  return {
    begin: () => fresh.clear(),
    numberOf: ({ policyId: policy_id, policyVersion: policy_version, steps: list }) => {
      const steps = JSON.stringify(list);
      const name = `${policy_version} ${policy_id} ${steps}`;
      const known = remembered.get(name) ?? fresh.get(name) ?? stored({ policy_id, policy_version, steps });
      fresh.set(name, known);
      return known;
    },
    kept: () => {
      if (remembered.size + fresh.size > REMEMBERED_MAX) remembered.clear();
      for (const [name, id] of fresh) remembered.set(name, id);
    },
  };
}

const BATCH = ['device', 'epoch', 'first_sequence', 'count', 'received_at', 'provenance', 'removals'] as const;

function statements({ prepare, tables }: SqlDatabase<LedgerTables>) {
  const batches = (rows: readonly Places<LedgerTables['batch']>[]) =>
    tables
      .insertInto('batch')
      .values(rows.map((row) => Object.fromEntries(BATCH.map((column) => [column, row[column]])) as never))
      .onConflict((on) => on.doNothing());
  return {
    insert: prepare((at: Places<LedgerTables['batch']>) => batches([at])),
    insertAll: putRows<LedgerTables['batch']>({ prepare }, BATCH, batches),
    remove: prepare((at: Places<LedgerTables['removed']>) =>
      tables
        .insertInto('removed')
        .values({ cause: at.cause, count: at.count })
        .onConflict((on) =>
          on.column('cause').doUpdateSet((eb) => ({ count: eb('removed.count', '+', eb.ref('excluded.count')) })),
        ),
    ),
    removed: prepare(() => tables.selectFrom('removed').select(['cause', 'count']).orderBy('cause')),
    epochs: prepare((at: Places<{ readonly device: number }>) =>
      tables.selectFrom('extents').select('epoch').where('device', '=', at.device),
    ),
    newest: prepare((at: Places<{ readonly device: number; readonly epoch: number; readonly limit: number }>) =>
      tables
        .selectFrom('batch')
        .innerJoin('provenance', 'provenance.id', 'batch.provenance')
        .select(['received_at', 'count', 'policy_id', 'policy_version', 'steps', 'removals'])
        .where('device', '=', at.device)
        .where('epoch', '=', at.epoch)
        .orderBy('first_sequence', 'desc')
        .limit(at.limit),
    ),
  };
}

type ShownRow = Pick<LedgerTables['batch'], 'received_at' | 'count' | 'removals'> & Provenance;

const shownOf = (row: ShownRow): ShownBatch => ({
  receivedAt: row.received_at,
  count: row.count,
  policyId: row.policy_id,
  policyVersion: row.policy_version,
  steps: JSON.parse(row.steps),
  removals: row.removals === null ? [] : JSON.parse(row.removals),
});
