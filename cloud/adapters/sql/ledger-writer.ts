import type { LedgerTables } from './ledger-tables.ts';
import { databaseError } from './postgres-connection.ts';
import { LEDGER_NOT_OURS } from './session-guard.ts';
import type { Places, SqlDatabase } from './sql-database.ts';

/** Keeps a ledger to one writer at a time: what it knows in memory is what is stored, or it writes nothing. */
export interface LedgerWriter {
  /**
   * Within the transaction of a commit.
   *
   * @throws DatabaseError when somebody else opened the ledger since, or a commit of ours went through and its answer was lost
   */
  readonly mark: () => void;
  /** The commit went through. */
  readonly marked: () => void;
}

/** Takes the ledger over from whoever had it: from here on the other's commits fail. */
export function takeOver({ prepare, tables, transaction }: SqlDatabase<LedgerTables>): LedgerWriter {
  const read = prepare(() => tables.selectFrom('ledger_writer').select(['writer', 'commits']).where('id', '=', 0));
  const take = prepare(() =>
    tables
      .updateTable('ledger_writer')
      .set((eb) => ({ writer: eb('writer', '+', 1) }))
      .where('id', '=', 0),
  );
  const count = prepare((at: Places<{ readonly writer: number; readonly commits: number }>) =>
    tables
      .updateTable('ledger_writer')
      .set((eb) => ({ commits: eb('commits', '+', 1) }))
      .where('writer', '=', at.writer)
      .where('commits', '=', at.commits),
  );
  const own = transaction(() => {
    take.run({});
    return read.get({});
  });
  if (own === undefined) throw new Error('broken invariant: a ledger says who writes it');
  let { commits } = own;
  return {
    mark: () => {
      const [changed] = count.runEach([{ writer: own.writer, commits }]);
      if (changed !== 1) throw databaseError({ kind: 'refused', code: LEDGER_NOT_OURS, text: NOT_OURS });
    },
    marked: () => {
      commits += 1;
    },
  };
}

const NOT_OURS =
  'another process writes the ledger now, or a commit of this one went through and its answer was lost; start this cloud again, and no second one beside it';
