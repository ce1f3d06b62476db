import type { BatchNote, Extents, Ledger, LedgerCommit, LedgerTotals, LogPosition } from '../../ports/ledger.ts';
import { aggregateRows } from './aggregate-rows.ts';
import { ledgerNotes } from './ledger-notes.ts';
import type { LedgerTables } from './ledger-tables.ts';
import { takeOver } from './ledger-writer.ts';
import { putRows } from './put-rows.ts';
import { rememberedRanges } from './remembered-ranges.ts';
import type { Places, SqlDatabase } from './sql-database.ts';

/**
 * The ledger and the running aggregates in a database: whoever opens them takes them over, and commits of the one before fail
 * from then on. What a commit has (sequences, how far a record log was read, aggregates) is one transaction.
 */
export function ledgerStore(database: SqlDatabase<LedgerTables>): Ledger {
  const writer = takeOver(database);
  const [held, dropped] = [rangesIn(database, 'extents'), rangesIn(database, 'dropped')];
  const notes = ledgerNotes(database);
  const sql = statements(database);
  let totals = totalsOf(sql.totals.get({}));
  const aggregates = aggregateRows(database, () => totals.framesAdmitted > 0);

  function write(commit: LedgerCommit): void {
    writer.mark();
    notes.keep(commit.notes);
    for (const note of commit.notes) if (note.spool !== undefined) sql.tell.run(toldOf(note, note.spool));
    if (commit.upTo !== undefined) sql.reach.run(commit.upTo);
    if (commit.aggregates !== undefined) aggregates.write(commit.aggregates);
    held.write(commit.changes.map(({ extents: ranges, ...whose }) => ({ ...whose, ranges })));
    dropped.write(commit.changes.flatMap(({ dropped: ranges, ...whose }) => (ranges ? { ...whose, ranges } : [])));
    const { framesAdmitted: admitted, duplicates, framesQuarantined: quarantined } = commit.totals;
    sql.total.run({ admitted, duplicates, quarantined, dropped: commit.totals.framesDroppedByVehicles });
  }

  return {
    extents: held.of,
    dropped: dropped.of,
    commit: (commit) => {
      database.transaction(() => write(commit));
      writer.marked();
      notes.kept();
      for (const { deviceNumber, epoch, extents, dropped: lost } of commit.changes) {
        held.remember(deviceNumber, epoch, extents);
        if (lost !== undefined) dropped.remember(deviceNumber, epoch, lost);
      }
      totals = commit.totals;
    },
    totals: () => totals,
    positions: (topic) => sql.positions.all({ topic }),
    removed: notes.removed,
    latest: notes.latest,
    spool: toldSpools(database).spool,
    aggregates: aggregates.store,
    close: database.close,
  };
}

/** What devices told last of their spools, for who only looks. */
export function toldSpools({ prepare, tables }: SqlDatabase<LedgerTables>): Pick<Ledger, 'spool'> {
  const select = prepare((at: Places<{ readonly device: number }>) =>
    tables
      .selectFrom('told_spool')
      .select(['eighths', 'offline_class as offlineClass', 'received_at as receivedAt'])
      .where('device', '=', at.device),
  );
  return { spool: (device) => select.get({ device }) };
}

const toldOf = (
  { deviceNumber: device, receivedAt: received_at }: BatchNote,
  { file, sealedBefore: sealed_before, eighths, offlineClass: offline_class }: NonNullable<BatchNote['spool']>,
): LedgerTables['told_spool'] => ({ device, file, sealed_before, eighths, offline_class, received_at });

/** Ranges of sequences by device and epoch. What a commit writes is remembered once the commit went through. */
function rangesIn({ prepare, tables }: SqlDatabase<LedgerTables>, table: 'extents' | 'dropped') {
  type Row = LedgerTables['extents'];
  const select = prepare((at: Places<Pick<Row, 'device' | 'epoch'>>) =>
    tables.selectFrom(table).select('ranges').where('device', '=', at.device).where('epoch', '=', at.epoch),
  );
  const upsert = putRows<Row>({ prepare }, ['device', 'epoch', 'ranges'], (rows) =>
    tables
      .insertInto(table)
      .values(rows)
      .onConflict((on) => on.columns(['device', 'epoch']).doUpdateSet((eb) => ({ ranges: eb.ref('excluded.ranges') }))),
  );
  const remembered = rememberedRanges();
  const of = (device: number, epoch: number): Extents => {
    const known = remembered.get(device, epoch);
    if (known !== undefined) return known;
    const row = select.get({ device, epoch });
    const read = row === undefined ? [] : (JSON.parse(row.ranges) as Extents);
    remembered.set(device, epoch, read);
    return read;
  };
  /** Of one device and epoch the last counts. */
  const write = (changed: readonly { deviceNumber: number; epoch: number; ranges: Extents }[]): void => {
    const rows = new Map<string, Row>();
    for (const { deviceNumber: device, epoch, ranges } of changed)
      rows.set(`${device}/${epoch}`, { device, epoch, ranges: JSON.stringify(ranges) });
    upsert([...rows.values()]);
  };
  return { of, write, remember: remembered.set };
}

function statements({ prepare, tables }: SqlDatabase<LedgerTables>) {
  return {
    totals: prepare(() => tables.selectFrom('totals').selectAll().where('id', '=', 0)),
    total: prepare((at: Places<Omit<LedgerTables['totals'], 'id'>>) =>
      tables.updateTable('totals').set({
        ...{ admitted: at.admitted, duplicates: at.duplicates, quarantined: at.quarantined, dropped: at.dropped },
      }),
    ),
    positions: prepare((at: Places<Pick<LogPosition, 'topic'>>) =>
      tables.selectFrom('position').select(['topic', 'partition', 'next as offset']).where('topic', '=', at.topic),
    ),
    reach: prepare((at: Places<LogPosition>) =>
      tables
        .insertInto('position')
        .values({ topic: at.topic, partition: at.partition, next: at.offset })
        .onConflict((on) =>
          on.columns(['topic', 'partition']).doUpdateSet((eb) => ({ next: eb.ref('excluded.next') })),
        ),
    ),
    tell: tellStatement({ prepare, tables }),
  };
}

/**
 * Of one file of the vehicle the standing after more frames is the newer, in whatever order batches of its queues arrive. A
 * vehicle that tells of another file has lost the one before, so that counts no more.
 */
const tellStatement = ({ prepare, tables }: Pick<SqlDatabase<LedgerTables>, 'prepare' | 'tables'>) =>
  prepare((at: Places<LedgerTables['told_spool']>) =>
    tables
      .insertInto('told_spool')
      .values({
        ...{ device: at.device, file: at.file, sealed_before: at.sealed_before },
        ...{ eighths: at.eighths, offline_class: at.offline_class, received_at: at.received_at },
      })
      .onConflict((on) =>
        on
          .column('device')
          .doUpdateSet((eb) => ({
            ...{ file: eb.ref('excluded.file'), sealed_before: eb.ref('excluded.sealed_before') },
            ...{ eighths: eb.ref('excluded.eighths'), offline_class: eb.ref('excluded.offline_class') },
            received_at: eb.ref('excluded.received_at'),
          }))
          .where((eb) =>
            eb.or([
              eb('excluded.file', '<>', eb.ref('told_spool.file')),
              eb('excluded.sealed_before', '>', eb.ref('told_spool.sealed_before')),
            ]),
          ),
      ),
  );

function totalsOf(row: LedgerTables['totals'] | undefined): LedgerTotals {
  if (row === undefined) throw new Error('broken invariant: a ledger has its totals');
  return {
    framesAdmitted: row.admitted,
    duplicates: row.duplicates,
    framesQuarantined: row.quarantined,
    framesDroppedByVehicles: row.dropped,
  };
}
