import type {
  AggregateChanges,
  AggregateRows,
  AggregateStore,
  AggregateTotals,
  ItemSlot,
  VehicleYearRow,
} from '../../ports/aggregate-store.ts';
import { aggregateStatements } from './aggregate-statements.ts';
import type { AggregateTables, LedgerTables } from './ledger-tables.ts';
import type { SqlDatabase } from './sql-database.ts';

type Statements = ReturnType<typeof aggregateStatements>;
type Four = Pick<AggregateTables['vehicle'], 'item0' | 'item1' | 'item2' | 'item3'>;

/**
 * @param hasRecords - whether records were admitted to this installation, ever
 * @returns the store, and what writes changes inside of a transaction of the ledger
 */
export function aggregateRows(
  database: SqlDatabase<LedgerTables>,
  hasRecords: () => boolean,
): { readonly store: AggregateStore; readonly write: (changes: AggregateChanges) => void } {
  const sql = aggregateStatements(database);
  return {
    store: {
      slots: (tested) => database.transaction(() => giveSlots(sql, tested, hasRecords() ? 0 : 1)),
      load: () => load(sql),
      daysOf: (device) => sql.daysOf.all({ device }),
    },
    write: (changes) => write(sql, changes),
  };
}

function write({ put }: Statements, changes: AggregateChanges): void {
  put.vehicles(
    changes.vehicles.map(({ deviceNumber: device, items, distance, duration, flags }) => {
      return { device, ...four(items), distance, duration, flags };
    }),
  );
  put.years(
    changes.years.map(({ deviceNumber: device, year, slots }) => ({ device, year, slots: JSON.stringify(slots) })),
  );
  put.days(changes.days.map(({ deviceNumber: device, ...row }) => ({ device, ...row })));
  for (const { area, day, items } of changes.flows) put.flow.run({ area, day, ...four(items) });
  for (const { slot, pictures, clips, uninspected, facePx: face_px, platePx: plate_px } of changes.counts)
    put.count.run({ slot, pictures, clips, uninspected, face_px, plate_px });
  if (changes.totals === undefined) return;
  const { exteriorDays: exterior_days, classes, kinds } = changes.totals;
  put.total.run({ exterior_days, classes: JSON.stringify(classes), kinds: JSON.stringify(kinds) });
}

const four = ([item0 = 0, item1 = 0, item2 = 0, item3 = 0]: readonly number[]): Four => ({
  ...{ item0, item1, item2, item3 },
});
const itemsOf = ({ item0, item1, item2, item3 }: Four): readonly number[] => [item0, item1, item2, item3];

function load(sql: Statements): AggregateRows {
  // Most vehicles have the same few lists, and a million of them would be as many texts.
  const lists = new Map<string, readonly number[]>();
  const slotsOf = (text: string): readonly number[] => {
    const slots = lists.get(text) ?? (JSON.parse(text) as number[]);
    lists.set(text, slots);
    return slots;
  };
  return {
    vehicles: mapped(sql.vehicles.each({}), ({ device, distance, duration, flags, ...row }) => ({
      ...{ deviceNumber: device, items: itemsOf(row), distance, duration, flags },
    })),
    years: mapped(
      sql.years.each({}),
      ({ device, year, slots }): VehicleYearRow => ({ deviceNumber: device, year, slots: slotsOf(slots) }),
    ),
    flows: mapped(sql.flows.each({}), ({ area, day, ...row }) => ({ area, day, items: itemsOf(row) })),
    counts: sql.counts.all({}).map(({ face_px: facePx, plate_px: platePx, ...row }) => ({ ...row, facePx, platePx })),
    totals: totalsOf(sql.totals.get({})),
  };
}

function* mapped<T, U>(rows: Iterable<T>, map: (row: T) => U): Iterable<U> {
  for (const row of rows) yield map(row);
}

function totalsOf(row: AggregateTables['aggregate_totals'] | undefined): AggregateTotals | undefined {
  if (row === undefined) return undefined;
  const names = (text: string): string[] => JSON.parse(text) as string[];
  return { exteriorDays: row.exterior_days, classes: names(row.classes), kinds: names(row.kinds) };
}

/** What tests an item has changed: then what was counted before may lack records, and the figures are lower bounds for good. */
function giveSlots(
  sql: Statements,
  tested: Parameters<AggregateStore['slots']>[0],
  whole: number,
): readonly ItemSlot[] {
  const known = new Map(sql.slots.all({}).map((row) => [row.item, row]));
  let last = [...known.values()].reduce((most, { slot }) => Math.max(most, slot), 0);
  for (const { item, digest } of tested) {
    const row = known.get(item);
    if (row === undefined) {
      last += 1;
      sql.addSlot.run({ slot: last, item, tested: digest, whole });
    } else if (row.tested !== digest) sql.changeSlot.run({ item, tested: digest, whole: whole === 1 ? row.whole : 0 });
  }
  return sql.slots.all({}).map((row) => ({ item: row.item, slot: row.slot - 1, isWhole: row.whole === 1 }));
}
