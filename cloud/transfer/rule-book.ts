import { assert, type Brand } from '../../proto/words/result.ts';
import type { CivilDate } from '../../proto/words/time.ts';
import type { ZoneListRow } from '../rules/law-row.ts';
import { rowsDigest } from './digest.ts';
import {
  type CalendarRow,
  CONCERNS,
  type DatedRow,
  type DemandRow,
  FACT_PATHS,
  type FactRow,
  type NoteRow,
  type OnFileRule,
  type Rule,
} from './rule.ts';

/** Rows of every date, as the tables hold them. */
export interface RuleTables {
  readonly rules: readonly Rule[];
  readonly demands: readonly DemandRow[];
  readonly onFile: readonly OnFileRule[];
  readonly notes: readonly NoteRow[];
  readonly facts: readonly FactRow[];
  readonly calendars: readonly CalendarRow[];
  /** Lists of free trade zones that have a version: only such a one can carry exemption (6). */
  readonly zoneLists: readonly ZoneListRow[];
}

/** The rows that apply from `from` until `until`, in the order in which a verdict reports them. */
export interface RulesInForce extends RuleTables {
  readonly from: CivilDate;
  readonly until?: CivilDate;
  /** Over all rows in force. Rows of other days do not enter, so a new law leaves old verdicts as they were. */
  readonly digest: string;
}

/** Tables that were checked and cut into the spans between their dates, earliest first. */
export type RuleBook = Brand<{ readonly tables: RuleTables; readonly spans: readonly RulesInForce[] }, 'RuleBook'>;

/** Before this day no rule of the book can apply; `parseFacts` refuses earlier dates. */
const FIRST_DAY = '2000-01-01' as CivilDate;

/**
 * Checks the tables against each other and prepares them for `decide`.
 *
 * @throws if a table contradicts itself or another: that is a bug in the tables, and no verdict may rest on it
 */
export function bindRuleBook(tables: RuleTables): RuleBook {
  const rows: readonly DatedRow[] = Object.values(tables).flat();
  const days = new Set([
    FIRST_DAY,
    ...rows.flatMap(({ from, until }) => (until === undefined ? [from] : [from, until])),
  ]);
  const starts = [...days].toSorted();
  const spans = starts.map((from, index) => spanOf(tables, from, starts[index + 1]));
  for (const row of rows) assert(row.until === undefined || row.from < row.until, `row ${row.id} ends after it begins`);
  for (const span of spans) checkSpan(span);
  return { tables, spans } as unknown as RuleBook;
}

/** The rules of a day, Asia/Shanghai. */
export function rulesOn(book: RuleBook, day: CivilDate): RulesInForce {
  const span = book.spans.findLast(({ from }) => from <= day);
  assert(span !== undefined, 'a transfer is dated within the calendar of the rule book');
  return span;
}

export function isInForce({ from, until }: DatedRow, day: CivilDate): boolean {
  return from <= day && (until === undefined || day < until);
}

function spanOf(tables: RuleTables, from: CivilDate, until: CivilDate | undefined): RulesInForce {
  const on = <T extends DatedRow>(rows: readonly T[]) => rows.filter((row) => isInForce(row, from)).toSorted(byId);
  const inForce = {
    rules: on(tables.rules).toSorted((a, b) => CONCERNS.indexOf(a.concern) - CONCERNS.indexOf(b.concern)),
    demands: on(tables.demands),
    onFile: on(tables.onFile),
    notes: on(tables.notes),
    facts: on(tables.facts),
    calendars: on(tables.calendars),
    zoneLists: on(tables.zoneLists),
  };
  const digest = rowsDigest(Object.values(inForce).flat());
  return { from, ...(until === undefined ? {} : { until }), ...inForce, digest };
}

function checkSpan({ from, rules, demands, onFile, notes, facts, calendars, zoneLists }: RulesInForce): void {
  for (const rows of [rules, demands, onFile, notes, facts, calendars, zoneLists]) {
    for (const [index, row] of rows.entries()) {
      assert(rows.findIndex(({ id }) => id === row.id) === index, `row ${row.id} is in force once on ${from}`);
    }
  }
  for (const path of FACT_PATHS)
    assert(
      facts.some(({ id }) => id === path),
      `fact ${path} has a name`,
    );
  const lastResort = rules.filter((rule) => rule.otherwise === true);
  assert(
    lastResort.length === 1 && lastResort[0]?.concern === 'route',
    `one rule of last resort on ${from}, for the route`,
  );
  for (const rule of rules) {
    const demand = demands.find(({ id }) => id === rule.demands);
    assert(demand !== undefined, `rule ${rule.id} demands something that demands.table.ts has`);
    assert(
      rule.concern !== 'route' || demand.strictness !== undefined,
      `rule ${rule.id} demands a route of known strictness`,
    );
    const isFree = rule.concern === 'route' && demand.strictness === 0;
    assert((rule.grants !== undefined) === isFree, `rule ${rule.id} grants where its demand has no strictness`);
    assert(
      (rule.displaces !== undefined) === (isFree && rule.demands !== 'nothing'),
      `rule ${rule.id} displaces where it is a route by evidence`,
    );
    assert(rule.demands !== 'nothing' || rule.concern === 'route', `rule ${rule.id} grants a route`);
  }
}

function byId(a: DatedRow, b: DatedRow): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
