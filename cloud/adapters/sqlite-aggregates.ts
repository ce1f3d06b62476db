import type {
  AggregateChanges,
  AggregateRows,
  AggregateStore,
  AggregateTotals,
  DayRow,
  FlowRow,
  ItemCountRow,
  ItemSlot,
  VehicleRow,
  VehicleYearRow,
} from '../ports/aggregate-store.ts';
import type { StoreDatabase } from './open-database.ts';

/** Tables of the running aggregates; they stand in the file of the ledger, so that one commit writes both. */
export const AGGREGATE_SCHEMA = `
  CREATE TABLE IF NOT EXISTS item_slot (
    slot INTEGER PRIMARY KEY, item TEXT NOT NULL UNIQUE, tested TEXT NOT NULL, whole INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS vehicle (
    device INTEGER PRIMARY KEY, item0 INTEGER NOT NULL, item1 INTEGER NOT NULL, item2 INTEGER NOT NULL,
    item3 INTEGER NOT NULL, distance INTEGER NOT NULL, duration INTEGER NOT NULL, flags INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS vehicle_year (
    device INTEGER NOT NULL, year INTEGER NOT NULL, slots TEXT NOT NULL, PRIMARY KEY (device, year)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS vehicle_days (
    device INTEGER NOT NULL, chunk INTEGER NOT NULL, seen INTEGER NOT NULL, running INTEGER NOT NULL,
    exterior INTEGER NOT NULL, PRIMARY KEY (device, chunk)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS flow (
    area TEXT NOT NULL, day INTEGER NOT NULL, item0 INTEGER NOT NULL, item1 INTEGER NOT NULL, item2 INTEGER NOT NULL,
    item3 INTEGER NOT NULL, PRIMARY KEY (area, day)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS item_count (
    slot INTEGER PRIMARY KEY, pictures INTEGER NOT NULL, clips INTEGER NOT NULL, uninspected INTEGER NOT NULL,
    face_px REAL NOT NULL, plate_px REAL NOT NULL);
  CREATE TABLE IF NOT EXISTS aggregate_totals (
    id INTEGER PRIMARY KEY CHECK (id = 0), exterior_days INTEGER NOT NULL, classes TEXT NOT NULL,
    kinds TEXT NOT NULL);
`;

type Four = readonly [number, number, number, number];

/**
 * @param hasRecords - whether records were admitted to this installation, ever
 * @returns the store, and what writes changes inside of a transaction of the ledger
 */
export function sqliteAggregates(
  database: StoreDatabase,
  hasRecords: () => boolean,
): { readonly store: AggregateStore; readonly write: (changes: AggregateChanges) => void } {
  const daysOf = database.prepare('SELECT chunk, seen, running, exterior FROM vehicle_days WHERE device = ?');
  return {
    store: {
      slots: slotGiver(database, hasRecords),
      load: () => load(database),
      daysOf: (deviceNumber) => daysOf.all(deviceNumber) as DayRow[],
    },
    write: writer(database),
  };
}

function writer(database: StoreDatabase): (changes: AggregateChanges) => void {
  const vehicle = database.prepare('INSERT OR REPLACE INTO vehicle VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const year = database.prepare('INSERT OR REPLACE INTO vehicle_year VALUES (?, ?, ?)');
  const days = database.prepare(
    `INSERT INTO vehicle_days VALUES (?, ?, ?, ?, ?) ON CONFLICT (device, chunk) DO UPDATE SET
       seen = seen | excluded.seen, running = running | excluded.running, exterior = exterior | excluded.exterior`,
  );
  const flow = database.prepare('INSERT OR REPLACE INTO flow VALUES (?, ?, ?, ?, ?, ?)');
  const count = database.prepare('INSERT OR REPLACE INTO item_count VALUES (?, ?, ?, ?, ?, ?)');
  const totals = database.prepare('INSERT OR REPLACE INTO aggregate_totals VALUES (0, ?, ?, ?)');
  return (changes) => {
    for (const row of changes.vehicles)
      vehicle.run(row.deviceNumber, ...four(row.items), row.distance, row.duration, row.flags);
    for (const row of changes.years) year.run(row.deviceNumber, row.year, JSON.stringify(row.slots));
    for (const row of changes.days) days.run(row.deviceNumber, row.chunk, row.seen, row.running, row.exterior);
    for (const row of changes.flows) flow.run(row.area, row.day, ...four(row.items));
    for (const row of changes.counts)
      count.run(row.slot, row.pictures, row.clips, row.uninspected, row.facePx, row.platePx);
    if (changes.totals !== undefined) {
      const { exteriorDays, classes, kinds } = changes.totals;
      totals.run(exteriorDays, JSON.stringify(classes), JSON.stringify(kinds));
    }
  };
}

const four = ([a = 0, b = 0, c = 0, d = 0]: readonly number[]): Four => [a, b, c, d];

function load(database: StoreDatabase): AggregateRows {
  const lists = new Map<string, number[]>();
  const slotsOf = (text: string): number[] => {
    const slots = lists.get(text) ?? (JSON.parse(text) as number[]);
    lists.set(text, slots);
    return slots;
  };
  const all = (table: string): Iterable<(number | string)[]> =>
    database.prepare(`SELECT * FROM ${table}`).raw().iterate() as Iterable<(number | string)[]>;
  return {
    vehicles: mapped(all('vehicle'), ([device, a, b, c, d, distance, duration, flags]): VehicleRow => {
      const items = [a, b, c, d] as unknown as Four;
      return { deviceNumber: Number(device), items, ...lengths(distance, duration), flags: Number(flags) };
    }),
    years: mapped(all('vehicle_year'), ([device, year, slots]): VehicleYearRow => {
      return { deviceNumber: Number(device), year: Number(year), slots: slotsOf(String(slots)) };
    }),
    flows: mapped(all('flow'), ([area, day, a, b, c, d]): FlowRow => {
      return { area: String(area), day: Number(day), items: [a, b, c, d] as unknown as Four };
    }),
    counts: database
      .prepare(
        'SELECT slot, pictures, clips, uninspected, face_px AS facePx, plate_px AS platePx FROM item_count ORDER BY slot',
      )
      .all() as ItemCountRow[],
    totals: totalsOf(database),
  };
}

function totalsOf(database: StoreDatabase): AggregateTotals | undefined {
  const row = database.prepare('SELECT exterior_days, classes, kinds FROM aggregate_totals').get();
  if (row === undefined) return undefined;
  const { exterior_days: exteriorDays, classes, kinds } = row as Record<string, unknown>;
  const names = (text: unknown): string[] => JSON.parse(String(text)) as string[];
  return { exteriorDays: Number(exteriorDays), classes: names(classes), kinds: names(kinds) };
}

const lengths = (distance: unknown, duration: unknown) => ({ distance: Number(distance), duration: Number(duration) });

function* mapped<T, U>(rows: Iterable<T>, map: (row: T) => U): Iterable<U> {
  for (const row of rows) yield map(row);
}

interface SlotRow {
  readonly slot: number;
  readonly item: string;
  readonly tested: string;
  readonly whole: number;
}

/** What tests an item has changed: then what was counted before may lack records, and the figures are lower bounds for good. */
function slotGiver(database: StoreDatabase, hasRecords: () => boolean): AggregateStore['slots'] {
  const select = database.prepare('SELECT * FROM item_slot ORDER BY slot');
  const insert = database.prepare('INSERT INTO item_slot (item, tested, whole) VALUES (?, ?, ?)');
  const change = database.prepare('UPDATE item_slot SET tested = ?, whole = ? WHERE item = ?');
  const give = database.transaction((tested: Parameters<AggregateStore['slots']>[0]) => {
    const known = new Map((select.all() as SlotRow[]).map((row) => [row.item, row]));
    const whole = hasRecords() ? 0 : 1;
    for (const { item, digest } of tested) {
      const row = known.get(item);
      if (row === undefined) insert.run(item, digest, whole);
      else if (row.tested !== digest) change.run(digest, whole === 1 ? row.whole : 0, item);
    }
    return (select.all() as SlotRow[]).map((row): ItemSlot => {
      return { item: row.item, slot: row.slot - 1, isWhole: row.whole === 1 };
    });
  });
  return (tested) => give(tested);
}
