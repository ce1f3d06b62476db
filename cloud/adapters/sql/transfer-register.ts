import { assert } from '../../../proto/words/result.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { freshOf, type PersonIndex } from '../../counting/person-index.ts';
import type { Holding } from '../../counting/tallies.ts';
import type { PersonKind, Reservation, TransferRegister } from '../../ports/transfer-register.ts';
import { heldCases } from './held-cases.ts';
import { type HoldingRow, holdingOf } from './holding.ts';
import type { SqlDatabase } from './sql-database.ts';
import { createCounts, sumsOf, type TransferCounts, talliesOf } from './transfer-counts.ts';
import { type TransferStatements, transferStatements } from './transfer-statements.ts';
import type { TransferTables } from './transfer-tables.ts';

const KINDS = ['plain', 'sensitive'] as const satisfies readonly PersonKind[];

/** Transfers and exact counts in one store; the counts of a year are also in memory once it is asked for. */
export function transferRegister(
  database: SqlDatabase<TransferTables>,
): TransferRegister & { readonly persons: PersonIndex } {
  const sql = transferStatements(database);
  const current = createCounts(sql);
  return {
    ...heldCases(database),
    ...statesOf(database, sql),
    ...sumsOf(sql),
    ...countsOf(sql, current),
    ...movesOf(database, sql, current),
    persons: current().index,
    shut: database.close,
  };
}

type Counts = Pick<TransferRegister, 'counted' | 'project' | 'totals' | 'under'>;

function countsOf(sql: TransferStatements, current: () => TransferCounts): Counts {
  return {
    counted: () => current().revision,
    project: ({ year, kind, persons }, scope = 'all', without = undefined) => {
      const counts = current();
      const tallies = talliesOf(counts, year, sql);
      const rows = without === undefined ? [] : sql.holdingsOfTransfer.all({ transferId: without });
      const own = rows.filter((row) => row.year === year).map(holdingOf);
      for (const one of own) tallies.release(one);
      const tally = tallies.tally(kind, scope);
      const before = tally.distinct();
      const projected = before + freshOf(persons, counts.index, tally);
      for (const one of own) tallies.hold(one);
      return { before, projected };
    },
    totals: (year, kind) => talliesOf(current(), year, sql).totals(kind),
    under: (scope, persons, without) => current().approved.under(scope, persons, without),
  };
}

function movesOf(
  database: SqlDatabase<TransferTables>,
  sql: TransferStatements,
  current: () => TransferCounts,
): Pick<TransferRegister, 'permit' | 'close'> {
  return {
    permit: (transferId, reservation, countedAt) => {
      const counts = current();
      // Read before the commit: a year that is read after it would take these persons twice.
      const tallies = talliesOf(counts, reservation.year, sql);
      const holdings = unlessMoved(() =>
        database.transaction(() => {
          if (sql.counted.get({})?.counts !== countedAt + 1) throw new Error(MOVED);
          return reserve(sql, counts, transferId, reservation);
        }),
      );
      if (holdings === undefined) return false;
      counts.revision = countedAt + 1;
      counts.firstUnwritten = counts.index.size();
      for (const holding of holdings) tallies.hold(holding);
      counts.approved.hold(transferId);
      return true;
    },
    close: (transferId, state, persons) => {
      const counts = current();
      const isReleased = persons === 'released';
      const letGo = isReleased ? counts.approved.releaseOf(transferId) : undefined;
      const { held, revision } = database.transaction(() => {
        const now = sql.counted.get({})?.counts;
        const rows = isReleased ? sql.holdingsOfTransfer.all({ transferId }) : [];
        if (isReleased) sql.release.run({ transferId });
        if (isReleased) sql.dropVolume.run({ transferId });
        sql.setState.run({ transferId, state });
        sql.letGo.run({ transferId });
        return { held: rows, revision: now };
      });
      // Where another process came between, the next look makes the counts anew.
      if (revision !== counts.revision + 1) return;
      counts.revision = revision;
      letGo?.();
      for (const row of held) releaseIn(counts, row);
    },
  };
}

function releaseIn({ years }: TransferCounts, row: HoldingRow): void {
  years.get(row.year)?.release(holdingOf(row));
}

/** Ends a transaction; never leaves this file. */
const MOVED = 'the counts have moved';

function unlessMoved<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof Error && cause.message === MOVED) return undefined;
    throw cause;
  }
}

/** Writes what a transfer holds, within a transaction. */
function reserve(
  sql: TransferStatements,
  { index, firstUnwritten }: TransferCounts,
  transferId: string,
  { year, route, isExempt, persons, bytes }: Reservation,
): readonly Holding[] {
  const holdings: Holding[] = [];
  for (const kind of KINDS) {
    const digests = persons[kind] ?? [];
    if (digests.length === 0) continue;
    // Distinct, in ascending order.
    const numbers = new Uint32Array(new Set(digests.map(index.add))).sort();
    const packed = Buffer.from(numbers.buffer);
    sql.hold.run({ transfer_id: transferId, kind, year, route, exempt: isExempt ? 1 : 0, persons: packed });
    holdings.push({ kind, route, isExempt, persons: numbers });
  }
  const fresh = index.packedFrom(firstUnwritten);
  if (fresh.length > 0) sql.addPersons.run({ first: firstUnwritten, digests: fresh });
  const distinct = new Set(holdings.flatMap((one) => [...one.persons])).size;
  sql.addVolume.run({ transferId, bytes: bytes ?? 0 });
  sql.setDecided.run({ transferId, state: 'permitted', persons: distinct });
  return holdings;
}

type States = Pick<
  TransferRegister,
  'add' | 'withhold' | 'wait' | 'revoke' | 'find' | 'list' | 'page' | 'inState' | 'tallies' | 'counts'
>;

/** What needs no tally. */
function statesOf(database: SqlDatabase<TransferTables>, sql: TransferStatements): States {
  const move = (...writes: readonly (() => void)[]): void =>
    database.transaction(() => {
      sql.moved.run({});
      for (const write of writes) write();
    });
  return {
    add: (row) => sql.insert.run(row),
    withhold: (transferId, persons) =>
      move(
        () => sql.setDecided.run({ transferId, state: 'withheld', persons }),
        () => sql.letGo.run({ transferId }),
      ),
    wait: (transferId, persons) => move(() => sql.setDecided.run({ transferId, state: 'awaiting-approval', persons })),
    revoke: (transferId) => move(() => sql.setState.run({ transferId, state: 'revoked' })),
    find: (transferId) => sql.find.get({ transferId }),
    list: () => sql.list.all({}),
    inState: (state) => sql.inState.all({ state }),
    page: ({ state, before, limit }) => {
      const last = before === undefined ? undefined : sql.find.get({ transferId: before });
      if (before !== undefined && last === undefined) return [];
      const at = last?.requestedAt ?? (Number.MAX_SAFE_INTEGER as Instant);
      const id = last?.transferId ?? '';
      return state === undefined ? sql.page.all({ at, id, limit }) : sql.pageInState.all({ at, id, limit, state });
    },
    tallies: () => sql.tallies.all({}),
    counts: () => {
      const counts = sql.counts.get({});
      assert(counts !== undefined, 'a sum over nothing is a row');
      return counts;
    },
  };
}
