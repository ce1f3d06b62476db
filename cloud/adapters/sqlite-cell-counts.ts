import { createHmac, randomBytes } from 'node:crypto';
import type { CellFrame } from '../../proto/codec/telemetry-codec.ts';
import { civilDateOf, HOUR_MS, type Instant, parseCivilDate, startOfDay } from '../../proto/words/time.ts';
import type { CellCounts, CellTotals, ReleasedCell } from '../ports/cell-counts.ts';
import type { RecordKey } from '../ports/zone-store.ts';
import { openDatabase, type StoreDatabase } from './open-database.ts';

/** A cell is released only when so many vehicles were in it on its day: vehicles, not trips. */
export const CELL_VEHICLES_MIN = 10;

/** A day is open for so long after it ended: cells are held back on the vehicle for a day or more, and wait for an uplink. */
export const DAY_OPEN_MS = 8 * 86_400_000;

/** Cells that may be open at a time; past it a vehicle that makes up cells would fill the disk. China has 96,000 cells of 10 km. */
export const OPEN_CELLS_MAX = 1_000_000;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS held (
    day INTEGER NOT NULL, zone INTEGER NOT NULL, "row" INTEGER NOT NULL, "column" INTEGER NOT NULL, run BLOB NOT NULL,
    vehicles INTEGER NOT NULL, PRIMARY KEY (day, zone, "row", "column", run)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS member (
    day INTEGER NOT NULL, mark BLOB NOT NULL, PRIMARY KEY (day, mark)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS unsettled (
    device INTEGER NOT NULL, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL,
    PRIMARY KEY (device, epoch, sequence)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS released (
    day INTEGER NOT NULL, zone INTEGER NOT NULL, "row" INTEGER NOT NULL, "column" INTEGER NOT NULL,
    vehicles INTEGER NOT NULL, PRIMARY KEY (day, zone, "row", "column")) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS totals (
    id INTEGER PRIMARY KEY CHECK (id = 0), closed_to INTEGER NOT NULL, released INTEGER NOT NULL,
    suppressed INTEGER NOT NULL, passed_over INTEGER NOT NULL);
  INSERT OR IGNORE INTO totals VALUES (0, 0, 0, 0, 0);
`;

const MARK_BYTES = 16;

/**
 * Counts in a file of the geographic zone.
 *
 * A vehicle is known again within a day's cell by a mark: an HMAC of cell and device under a key that lives in this process
 * and nowhere else. Marks of two cells have nothing in common, and without the key nobody can try devices against them. After
 * a restart they are useless and deleted; what each run counted stands, and the largest run is what is sure (docs/adr/0035).
 *
 * The file has no write-ahead log, since its old pages would tell which cells came together, and what is deleted in it is
 * overwritten.
 *
 * @param isInLedger - whether a key that a crash left unsettled was made known to the ledger before it
 */
export function sqliteCellCounts(
  file: string,
  isInLedger: (key: RecordKey) => boolean,
  secret: RunSecret = { key: randomBytes(KEY_BYTES), run: randomBytes(RUN_BYTES) },
): CellCounts {
  const database = openDatabase(file, 'PRAGMA secure_delete = ON;', 4, 'TRUNCATE');
  database.exec(SCHEMA);
  forgetEarlierRuns(database, isInLedger);
  const count = counterOf(database, secret);
  const closeDays = closerOf(database);
  const remove = database.prepare('DELETE FROM unsettled WHERE device = ? AND epoch = ? AND sequence = ?');
  const settle = database.transaction((keys: readonly RecordKey[]) => {
    for (const { deviceNumber, epoch, sequence } of keys) remove.run(deviceNumber, epoch, sequence);
  });
  const released = database.prepare('SELECT day, zone, "row", "column", vehicles FROM released ORDER BY day');
  const held = database.prepare('SELECT count(*) FROM held').pluck();
  const totals = database.prepare('SELECT released, suppressed, passed_over AS passedOver FROM totals');
  /** Of the group in hand, and of no other: one that failed may come again. */
  let counted: readonly RecordKey[] = [];
  return {
    count: (cells, at) => {
      counted = [];
      if (cells.length === 0) return;
      count(cells, at);
      counted = cells.map(({ key }) => key);
    },
    settle: () => {
      if (counted.length > 0) settle(counted);
      counted = [];
    },
    closeDays,
    released: () => released.iterate() as Iterable<ReleasedCell>,
    totals: () => ({ held: held.get() as number, ...(totals.get() as Omit<CellTotals, 'held'>) }),
    close: () => {
      database.close();
    },
  };
}

/** What one process draws when it opens the file: the key of its marks, and a name for what it counted. */
export interface RunSecret {
  readonly key: Uint8Array;
  readonly run: Uint8Array;
}

const KEY_BYTES = 32;
const RUN_BYTES = 8;

/** Without their key marks are of no use. A key of a crash stays only as long as its frame may come again. */
function forgetEarlierRuns(database: StoreDatabase, isInLedger: (key: RecordKey) => boolean): void {
  database.transaction(() => {
    database.exec('DELETE FROM member');
    const remove = database.prepare('DELETE FROM unsettled WHERE device = ? AND epoch = ? AND sequence = ?');
    const rows = database.prepare('SELECT device, epoch, sequence FROM unsettled').all() as UnsettledRow[];
    for (const { device, epoch, sequence } of rows)
      if (isInLedger({ deviceNumber: device, epoch, sequence })) remove.run(device, epoch, sequence);
  })();
}

interface UnsettledRow {
  readonly device: number;
  readonly epoch: number;
  readonly sequence: number;
}

function counterOf(database: StoreDatabase, { key, run }: RunSecret): CellCounts['count'] {
  const isNew = database.prepare('INSERT OR IGNORE INTO unsettled VALUES (?, ?, ?)');
  const mark = database.prepare('INSERT OR IGNORE INTO member VALUES (?, ?)');
  const add = database.prepare(
    'INSERT INTO held VALUES (?, ?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET vehicles = vehicles + 1',
  );
  const isHeld = database.prepare(
    'SELECT 1 FROM held WHERE day = ? AND zone = ? AND "row" = ? AND "column" = ? AND run = ?',
  );
  const hasRoom = database.prepare('SELECT 1 FROM held LIMIT 1 OFFSET ?').pluck();
  const closedTo = database.prepare('SELECT closed_to FROM totals').pluck();
  const passOver = database.prepare('UPDATE totals SET passed_over = passed_over + 1');
  return database.transaction((cells: Parameters<CellCounts['count']>[0], at: Instant) => {
    const closed = Math.max(closedTo.get() as number, firstOpenDay(at) - 1);
    const isFull = hasRoom.get(OPEN_CELLS_MAX) !== undefined;
    // Sorted, so that the order within the file is not the order of a trip.
    const sorted = cells.map((one) => ({ ...one, place: placeOf(one.cell) })).sort(byPlace);
    for (const {
      key: { deviceNumber, epoch, sequence },
      place,
    } of sorted) {
      if (isNew.run(deviceNumber, epoch, sequence).changes === 0) continue;
      const [day] = place;
      if (day <= closed || (isFull && isHeld.get(...place, run) === undefined)) {
        passOver.run();
        continue;
      }
      const digest = createHmac('sha256', key)
        .update(`${place.join(' ')} ${deviceNumber}`)
        .digest();
      if (mark.run(day, digest.subarray(0, MARK_BYTES)).changes > 0) add.run(...place, run);
    }
  });
}

type Place = readonly [day: number, zone: number, row: number, column: number];

const placeOf = (cell: CellFrame): Place => [dayOf(cell), cell.zone, cell.row, cell.column];

function byPlace({ place: a }: { readonly place: Place }, { place: b }: { readonly place: Place }): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3];
}

function closerOf(database: StoreDatabase): CellCounts['closeDays'] {
  const isDue = database.prepare('SELECT 1 FROM held WHERE day < ? LIMIT 1').pluck();
  // Two runs may have counted one vehicle each, so only what a single run counted is sure.
  const sure = database.prepare(
    'SELECT day, zone, "row", "column", max(vehicles) AS vehicles FROM held WHERE day < ? GROUP BY day, zone, "row", "column"',
  );
  const release = database.prepare('INSERT OR IGNORE INTO released VALUES (?, ?, ?, ?, ?)');
  const forget = ['held', 'member'].map((table) => database.prepare(`DELETE FROM ${table} WHERE day < ?`));
  const note = database.prepare(
    'UPDATE totals SET closed_to = max(closed_to, ?), released = released + ?, suppressed = suppressed + ?',
  );
  const closeBefore = database.transaction((day: number) => {
    let [released, suppressed] = [0, 0];
    for (const cell of sure.all(day) as ReleasedCell[]) {
      if (cell.vehicles < CELL_VEHICLES_MIN) suppressed += 1;
      else released += release.run(cell.day, cell.zone, cell.row, cell.column, cell.vehicles).changes;
    }
    for (const statement of forget) statement.run(day);
    note.run(day - 1, released, suppressed);
  });
  return (at) => {
    const day = firstOpenDay(at);
    if (isDue.get(day) !== undefined) closeBefore(day);
  };
}

/** The Shanghai day that a cell of a day begins with, as YYYYMMDD. */
const dayOf = ({ hour }: CellFrame): number => numberOf((hour * HOUR_MS) as Instant);

const numberOf = (at: Instant): number => Number(civilDateOf(at).replaceAll('-', ''));

/** The first day that is still open at a moment. */
function firstOpenDay(at: Instant): number {
  const today = parseCivilDate(civilDateOf(at));
  return numberOf(((today.ok ? startOfDay(today.value) : at) - DAY_OPEN_MS) as Instant);
}
