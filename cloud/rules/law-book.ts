import { assert, type Brand } from '../../proto/words/result.ts';
import type { CivilDate } from '../../proto/words/time.ts';
import type { ClauseRow, ClauseTest, ItemRow } from '../classification/item.ts';
import type { AnnualRow, DeadlineRow } from '../registers/deadline.ts';
import { rowsDigest } from '../transfer/digest.ts';
import type { RouteTimeline } from '../transfer/plan-routes.ts';
import type { DatedRow, Instrument, Position } from '../transfer/rule.ts';
import { bindRuleBook, isInForce, type RuleBook, type RuleTables } from '../transfer/rule-book.ts';
import type { KindRow, LawReadingId, ReadingRow, ZoneListRow } from './law-row.ts';
import type { RetentionRow } from './retention.table.ts';
import type { SafeDrivingFunction } from './safe-driving-functions.table.ts';

/** Rows that classification, retention and lists rest on; they do not enter the digest of a verdict. */
export interface ClassificationTables {
  readonly clauses: readonly ClauseRow[];
  readonly items: readonly ItemRow[];
  readonly functions: readonly SafeDrivingFunction[];
  readonly retention: readonly RetentionRow[];
  readonly kinds: readonly KindRow[];
  readonly zoneLists: readonly ZoneListRow[];
  readonly readings: readonly ReadingRow[];
}

/** Terms and times that people are reminded of. No verdict and no class rests on them, so neither digest covers them. */
export interface DutyTables {
  readonly deadlines: readonly DeadlineRow[];
  readonly annual: readonly AnnualRow[];
  readonly timelines: readonly RouteTimeline[];
}

/** Rows of duties of one day. */
export interface DutiesInForce extends DutyTables {
  readonly digest: string;
}

/** Where each open reading stands, and by whose sign-off. */
export type LawPositions = Readonly<
  Partial<Record<LawReadingId, { readonly position: Position; readonly signOff: string }>>
>;

/** All the law that this process knows: what verdicts weigh, what classification rests on, and the texts cited. */
export type LawBook = Brand<
  {
    readonly verdicts: RuleBook;
    readonly tables: ClassificationTables;
    readonly duties: DutyTables;
    readonly instruments: readonly Instrument[];
    readonly positions: LawPositions;
  },
  'LawBook'
>;

/** Rows of one day under the readings that stand; clauses have one row an id. */
export interface LawInForce extends ClassificationTables {
  /** Over all these rows and the positions of the readings. */
  readonly digest: string;
}

export interface LawParts {
  readonly verdicts: RuleTables;
  readonly classification: ClassificationTables;
  readonly duties: DutyTables;
  readonly instruments: readonly Instrument[];
  readonly positions: LawPositions;
}

/**
 * Checks the tables against each other.
 *
 * @throws if a table contradicts itself or another: a bug in the tables, on which nothing may rest
 */
export function bindLaw({ verdicts, classification, duties, instruments, positions }: LawParts): LawBook {
  const zoneLists = classification.zoneLists.filter(({ version }) => version !== undefined);
  const book = {
    ...{ verdicts: bindRuleBook({ ...verdicts, zoneLists }), tables: classification, duties },
    ...{ instruments, positions },
  };
  const rows = [...allRows(classification), ...Object.values(duties).flat()];
  const days = new Set(rows.flatMap(({ from, until }) => (until === undefined ? [from] : [from, until])));
  for (const { id, from, until } of rows) assert(until === undefined || from < until, `row ${id} ends after it begins`);
  for (const day of days) {
    checkDay(inForce(book as unknown as LawBook, day), day);
    checkDuties(dutiesOn(book as unknown as LawBook, day), day);
  }
  checkCitations(book.verdicts.tables, classification, duties, instruments);
  return book as unknown as LawBook;
}

/** The law of a day, Asia/Shanghai. */
export function lawOn(book: LawBook, day: CivilDate): LawInForce {
  const rows = inForce(book, day);
  const switched = Object.entries(book.positions).map(([id, { position }]) => ({
    id: `${id}: ${position}`,
    from: EVER,
  }));
  return { ...rows, digest: rowsDigest([...allRows(rows), ...switched]) };
}

/** Terms and times of a day, Asia/Shanghai. */
export function dutiesOn({ duties }: Pick<LawBook, 'duties'>, day: CivilDate): DutiesInForce {
  const on = <T extends DatedRow>(rows: readonly T[]) => rows.filter((row) => isInForce(row, day));
  const rows = { deadlines: on(duties.deadlines), annual: on(duties.annual), timelines: on(duties.timelines) };
  return { ...rows, digest: rowsDigest(Object.values(rows).flat()) };
}

/** A row of any table with the name of its table. */
export interface TableRow {
  readonly table: string;
  readonly row: DatedRow;
}

/** Rows of every date and table, in the order of the tables; `on` leaves those that are in force on that day. */
export function rowsOfLaw({ verdicts, tables, duties }: LawBook, on?: CivilDate): readonly TableRow[] {
  const all: readonly (readonly [string, readonly DatedRow[]])[] = Object.entries({
    ...{ ...verdicts.tables, ...tables, ...duties },
  });
  return all.flatMap(([table, rows]) =>
    rows.filter((row) => on === undefined || isInForce(row, on)).map((row) => ({ table, row })),
  );
}

/** Does the reading stand as taken, or was it switched by a recorded legal sign-off? */
export function positionOf(book: LawBook, reading: LawReadingId): Position {
  return book.positions[reading]?.position ?? 'taken';
}

/** A position has no first day of its own. */
const EVER = '2000-01-01' as CivilDate;

function inForce({ tables, positions }: LawBook, day: CivilDate): ClassificationTables {
  const on = <T extends DatedRow>(rows: readonly T[]) => rows.filter((row) => isInForce(row, day));
  const standing = ({ reading }: Pick<ClauseRow, 'reading'>) =>
    reading === undefined || (positions[reading.id]?.position ?? 'taken') === reading.position;
  return {
    clauses: on(tables.clauses).filter(standing),
    items: on(tables.items).filter(standing),
    functions: on(tables.functions),
    retention: on(tables.retention),
    kinds: on(tables.kinds),
    zoneLists: on(tables.zoneLists),
    readings: on(tables.readings),
  };
}

function allRows(tables: ClassificationTables): readonly DatedRow[] {
  return Object.values(tables).flat();
}

function checkDay(law: ClassificationTables, day: CivilDate): void {
  for (const rows of Object.values(law) as (readonly DatedRow[])[]) {
    const ids = rows.map(({ id }) => id);
    for (const id of ids) assert(ids.indexOf(id) === ids.lastIndexOf(id), `row ${id} is in force once on ${day}`);
  }
  const clauses = new Set(law.clauses.map(({ id }) => id));
  for (const item of law.items) {
    for (const id of [...item.precondition, ...item.anyOf])
      assert(clauses.has(id), `item ${item.id} names a clause that is in force on ${day}: ${id}`);
    // Without a clause an item is a hole: nothing can clear it, so it may not look like one that was read.
    assert(
      (item.number === undefined) === (item.anyOf.length === 0),
      `item ${item.id} has a number and a clause, or neither`,
    );
  }
  for (const { id, test } of law.clauses) assert(isAnswerable(test), `clause ${id} tests something`);
  const items = new Set(law.items.map(({ id }) => id));
  for (const kind of law.kinds)
    for (const id of kind.items)
      assert(items.has(id), `kind ${kind.id} names an item that is in force on ${day}: ${id}`);
  for (const { id, atLeast, atMost, settled } of law.retention)
    assert((atLeast ?? atMost ?? settled) !== undefined, `retention ${id} has a period or says who settles it`);
}

function checkDuties({ deadlines, annual, timelines }: DutyTables, day: CivilDate): void {
  const ids = [...deadlines, ...annual, ...timelines].map(({ id }) => id);
  for (const id of ids) assert(ids.indexOf(id) === ids.lastIndexOf(id), `row ${id} is in force once on ${day}`);
  const routes = timelines.map(({ route }) => route);
  assert(new Set(routes).size === routes.length, `each route has one row of times on ${day}`);
  for (const { id, months } of timelines) assert(months.least <= months.most, `the times of ${id} are in order`);
}

/** An empty `all` would always hold, an empty `any` never: both are slips. */
function isAnswerable(test: ClauseTest): boolean {
  if ('all' in test) return test.all.length > 0 && test.all.every(isAnswerable);
  return !('any' in test) || (test.any.length > 0 && test.any.every(isAnswerable));
}

function checkCitations(
  { rules, onFile, notes, calendars }: RuleTables,
  { clauses, items, functions, retention, kinds, zoneLists, readings }: ClassificationTables,
  duties: DutyTables,
  instruments: readonly Instrument[],
): void {
  const known = new Set(instruments.map(({ id }) => id));
  assert(known.size === instruments.length, 'every instrument has an id of its own');
  const cited = [rules, onFile, notes, calendars, clauses, items, functions, retention, kinds, zoneLists, readings];
  for (const { id, citation } of [...cited.flat(), ...Object.values(duties).flat()])
    assert(known.has(citation.instrument), `row ${id} cites an instrument`);
}
