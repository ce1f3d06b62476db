import type { Instant } from '../../../proto/words/time.ts';
import type { TransferRow, TransferState } from '../../ports/transfer-register.ts';
import { type Places, type SqlDatabase, sql } from './sql-database.ts';
import type { TransferTables } from './transfer-tables.ts';

type Database = SqlDatabase<TransferTables>;

interface Of {
  readonly transferId: string;
}

const COLUMNS = [
  'transfer_id as transferId',
  'requested_at as requestedAt',
  'dataset_id as datasetId',
  'recipient_id as recipientId',
  'purpose',
  'state',
  'persons',
] as const;
const HOLDING = ['year', 'kind', 'route', 'exempt', 'persons'] as const;

export type TransferStatements = ReturnType<typeof transferStatements>;

/** Statements of the register of transfers, compiled once. */
export const transferStatements = (database: Database) => ({
  ...rowStatements(database),
  ...pageStatements(database),
  ...countStatements(database),
  ...sumStatements(database),
});

function rowStatements({ prepare, tables }: Database) {
  return {
    insert: prepare((at: Places<TransferRow>) =>
      tables.insertInto('transfer').values({
        transfer_id: at.transferId,
        requested_at: at.requestedAt,
        dataset_id: at.datasetId,
        recipient_id: at.recipientId,
        purpose: at.purpose,
        state: at.state,
        persons: at.persons,
      }),
    ),
    setState: prepare((at: Places<Of & { readonly state: TransferState }>) =>
      tables.updateTable('transfer').set({ state: at.state }).where('transfer_id', '=', at.transferId),
    ),
    setDecided: prepare((at: Places<Of & { readonly state: TransferState; readonly persons: number }>) =>
      tables
        .updateTable('transfer')
        .set({ state: at.state, persons: at.persons })
        .where('transfer_id', '=', at.transferId),
    ),
    letGo: prepare((at: Places<Of>) => tables.deleteFrom('held').where('transfer_id', '=', at.transferId)),
    find: prepare((at: Places<Of>) =>
      tables.selectFrom('transfer').select(COLUMNS).where('transfer_id', '=', at.transferId),
    ),
  };
}

function pageStatements({ prepare, tables }: Database) {
  const all = tables.selectFrom('transfer').select(COLUMNS);
  const before = (at: Places<{ readonly at: Instant; readonly id: string; readonly limit: number }>) =>
    all
      .where((is) => is(is.refTuple('requested_at', 'transfer_id'), '<', is.tuple(at.at, at.id)))
      .orderBy('requested_at', 'desc')
      .orderBy('transfer_id', 'desc')
      .limit(at.limit);
  type Page = { readonly at: Instant; readonly id: string; readonly limit: number };
  return {
    list: prepare(() => all.orderBy('requested_at').orderBy('transfer_id')),
    inState: prepare((at: Places<{ readonly state: TransferState }>) =>
      all.where('state', '=', at.state).orderBy('requested_at').orderBy('transfer_id'),
    ),
    page: prepare((at: Places<Page>) => before(at)),
    pageInState: prepare((at: Places<Page & { readonly state: TransferState }>) =>
      before(at).where('state', '=', at.state),
    ),
    tallies: prepare(() =>
      tables
        .selectFrom('tally')
        .select(['dataset_id as datasetId', 'recipient_id as recipientId', 'state', 'transfers as count'])
        .where('transfers', '>', 0),
    ),
    counts: prepare(() =>
      tables
        .selectFrom('tally')
        .select([
          transfersIn(['permitted', 'delivered']).as('cleared'),
          transfersIn(['withheld']).as('withheld'),
          transfersIn(['delivered']).as('delivered'),
        ]),
    ),
  };
}

const transfersIn = (states: readonly TransferState[]) =>
  sql<number>`cast(coalesce(sum(transfers) filter (where state in (${sql.join(states)})), 0) as bigint)`;

function countStatements({ prepare, tables }: Database) {
  const holdings = tables.selectFrom('holding').select(HOLDING);
  return {
    /** Locks the counts until the commit, so that of two processes that count one waits for the other. */
    counted: prepare(() =>
      tables
        .updateTable('revision')
        .set((is) => ({ counts: is('counts', '+', 1), moves: is('moves', '+', 1) }))
        .returning(['counts', 'moves']),
    ),
    moved: prepare(() => tables.updateTable('revision').set((is) => ({ moves: is('moves', '+', 1) }))),
    revision: prepare(() => tables.selectFrom('revision').select(['counts', 'moves'])),
    person: prepare(() => tables.selectFrom('person').select('digest').orderBy('number')),
    personsFrom: prepare((at: Places<{ readonly first: number }>) =>
      tables.selectFrom('persons').select(['first', 'digests']).where('first', '>=', at.first).orderBy('first'),
    ),
    personBytes: prepare(() =>
      tables.selectFrom('persons').select(sql<number>`cast(coalesce(sum(length(digests)), 0) as bigint)`.as('bytes')),
    ),
    addPersons: prepare((at: Places<{ readonly first: number; readonly digests: Uint8Array }>) =>
      tables.insertInto('persons').values({ first: at.first, digests: at.digests }),
    ),
    hold: prepare((at: Places<TransferTables['holding']>) =>
      tables.insertInto('holding').values({
        transfer_id: at.transfer_id,
        kind: at.kind,
        year: at.year,
        route: at.route,
        exempt: at.exempt,
        persons: at.persons,
      }),
    ),
    release: prepare((at: Places<Of>) => tables.deleteFrom('holding').where('transfer_id', '=', at.transferId)),
    holdingsOfYear: prepare((at: Places<{ readonly year: number }>) => holdings.where('year', '=', at.year)),
    holdingsOfTransfer: prepare((at: Places<Of>) => holdings.where('transfer_id', '=', at.transferId)),
    datedHoldings: prepare((at: Places<{ readonly year: number }>) =>
      tables
        .selectFrom('holding as h')
        .innerJoin('transfer as t', 't.transfer_id', 'h.transfer_id')
        .select(['h.year', 'h.kind', 'h.route', 'h.exempt', 'h.persons', 't.requested_at as requestedAt'])
        .where('h.year', '=', at.year)
        .orderBy('t.requested_at')
        .orderBy('t.transfer_id'),
    ),
  };
}

function sumStatements({ prepare, tables }: Database) {
  const bytesWhere = (isReserved: boolean) =>
    sql<number>`cast(sum(case when state = 'permitted' then ${sql.raw(isReserved ? 'bytes' : '0')} else ${sql.raw(isReserved ? '0' : 'bytes')} end) as bigint)`;
  return {
    volume: prepare((at: Places<Of>) =>
      tables.selectFrom('volume').select('bytes').where('transfer_id', '=', at.transferId),
    ),
    addVolume: prepare((at: Places<Of & { readonly bytes: number }>) =>
      tables.insertInto('volume').values({ transfer_id: at.transferId, bytes: at.bytes }),
    ),
    dropVolume: prepare((at: Places<Of>) => tables.deleteFrom('volume').where('transfer_id', '=', at.transferId)),
    volumes: prepare((at: Places<{ readonly from: Instant; readonly until: Instant }>) =>
      tables
        .selectFrom('volume as v')
        .innerJoin('transfer as t', 't.transfer_id', 'v.transfer_id')
        .select(['t.dataset_id as datasetId', 't.recipient_id as recipientId'])
        .select([
          sql<number>`count(*)`.as('transfers'),
          bytesWhere(false).as('countedBytes'),
          bytesWhere(true).as('reservedBytes'),
        ])
        .where('t.requested_at', '>=', at.from)
        .where('t.requested_at', '<', at.until)
        .groupBy(['t.dataset_id', 't.recipient_id'])
        .orderBy('t.dataset_id')
        .orderBy('t.recipient_id'),
    ),
    /** Transfers since an instant that hold persons or bytes. */
    holders: prepare((at: Places<{ readonly since: number }>) =>
      tables
        .selectFrom('transfer as t')
        .select('t.transfer_id as transferId')
        .where('t.requested_at', '>=', sql<Instant>`${at.since}`)
        .where((is) =>
          is.or([
            is.exists(is.selectFrom('holding as h').select('h.year').whereRef('h.transfer_id', '=', 't.transfer_id')),
            is.exists(is.selectFrom('volume as v').select('v.bytes').whereRef('v.transfer_id', '=', 't.transfer_id')),
          ]),
        ),
    ),
  };
}
