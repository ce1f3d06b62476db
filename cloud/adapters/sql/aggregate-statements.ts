import type { RawBuilder } from 'kysely';
import type { AggregateTables, LedgerTables } from './ledger-tables.ts';
import { putRows } from './put-rows.ts';
import { type Places, type SqlDatabase, sql } from './sql-database.ts';

/** Statements over the running aggregates. Rows take the place of those before; days are added to what is stored. */
export function aggregateStatements({ prepare, tables }: SqlDatabase<LedgerTables>) {
  return {
    put: { ...vehicleStatements({ prepare, tables }), ...totalStatements({ prepare, tables }) },
    vehicles: prepare(() => tables.selectFrom('vehicle').selectAll()),
    years: prepare(() => tables.selectFrom('vehicle_year').selectAll()),
    flows: prepare(() => tables.selectFrom('flow').selectAll()),
    counts: prepare(() => tables.selectFrom('item_count').selectAll().orderBy('slot')),
    totals: prepare(() => tables.selectFrom('aggregate_totals').selectAll()),
    daysOf: prepare((at: Places<{ readonly device: number }>) =>
      tables
        .selectFrom('vehicle_days')
        .select(['chunk', 'seen', 'running', 'exterior'])
        .where('device', '=', at.device),
    ),
    slots: prepare(() => tables.selectFrom('item_slot').selectAll().orderBy('slot')),
    addSlot: prepare((at: Places<AggregateTables['item_slot']>) =>
      tables.insertInto('item_slot').values({ slot: at.slot, item: at.item, tested: at.tested, whole: at.whole }),
    ),
    changeSlot: prepare((at: Places<Omit<AggregateTables['item_slot'], 'slot'>>) =>
      tables.updateTable('item_slot').set({ tested: at.tested, whole: at.whole }).where('item', '=', at.item),
    ),
  };
}

const ITEMS = ['item0', 'item1', 'item2', 'item3'] as const;
const MARKS = ['seen', 'running', 'exterior'] as const;

function vehicleStatements({ prepare, tables }: Pick<SqlDatabase<LedgerTables>, 'prepare' | 'tables'>) {
  return {
    vehicles: putRows<AggregateTables['vehicle']>(
      { prepare },
      ['device', ...ITEMS, 'distance', 'duration', 'flags'],
      (rows) =>
        tables
          .insertInto('vehicle')
          .values(rows)
          .onConflict((on) =>
            on.column('device').doUpdateSet((eb) => excluded(eb, [...ITEMS, 'distance', 'duration', 'flags'])),
          ),
    ),
    years: putRows<AggregateTables['vehicle_year']>({ prepare }, ['device', 'year', 'slots'], (rows) =>
      tables
        .insertInto('vehicle_year')
        .values(rows)
        .onConflict((on) => on.columns(['device', 'year']).doUpdateSet((eb) => excluded(eb, ['slots']))),
    ),
    days: putRows<AggregateTables['vehicle_days']>({ prepare }, ['device', 'chunk', ...MARKS], (rows) =>
      tables
        .insertInto('vehicle_days')
        .values(rows)
        .onConflict((on) =>
          on
            .columns(['device', 'chunk'])
            .doUpdateSet({ seen: joined('seen'), running: joined('running'), exterior: joined('exterior') }),
        ),
    ),
  };
}

function totalStatements({ prepare, tables }: Pick<SqlDatabase<LedgerTables>, 'prepare' | 'tables'>) {
  return {
    flow: prepare((at: Places<AggregateTables['flow']>) =>
      tables
        .insertInto('flow')
        .values({ area: at.area, day: at.day, ...itemsOf(at) })
        .onConflict((on) => on.columns(['area', 'day']).doUpdateSet((eb) => excluded(eb, ITEMS))),
    ),
    count: prepare((at: Places<AggregateTables['item_count']>) =>
      tables
        .insertInto('item_count')
        .values({
          ...{ slot: at.slot, pictures: at.pictures, clips: at.clips, uninspected: at.uninspected },
          ...{ face_px: at.face_px, plate_px: at.plate_px },
        })
        .onConflict((on) =>
          on
            .column('slot')
            .doUpdateSet((eb) => excluded(eb, ['pictures', 'clips', 'uninspected', 'face_px', 'plate_px'])),
        ),
    ),
    total: prepare((at: Places<Omit<AggregateTables['aggregate_totals'], 'id'>>) =>
      tables
        .insertInto('aggregate_totals')
        .values({ id: 0, exterior_days: at.exterior_days, classes: at.classes, kinds: at.kinds })
        .onConflict((on) => on.column('id').doUpdateSet((eb) => excluded(eb, ['exterior_days', 'classes', 'kinds']))),
    ),
  };
}

type Places4 = Places<Pick<AggregateTables['flow'], (typeof ITEMS)[number]>>;
const itemsOf = ({ item0, item1, item2, item3 }: Places4) => ({ item0, item1, item2, item3 });

/** What was to be inserted, in the place of what stands. */
function excluded<T extends string>(eb: { readonly ref: (name: never) => unknown }, columns: readonly T[]) {
  return Object.fromEntries(columns.map((one) => [one, eb.ref(`excluded.${one}` as never)])) as never;
}

const joined = (mark: 'seen' | 'running' | 'exterior'): RawBuilder<number> =>
  sql<number>`${sql.ref(`vehicle_days.${mark}`)} | ${sql.ref(`excluded.${mark}`)}`;
