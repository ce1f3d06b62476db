import type { ClauseRow, ItemRow } from '../classification/item.ts';
import type { AnnualRow, DeadlineRow } from '../registers/deadline.ts';
import type { RouteTimeline } from '../transfer/plan-routes.ts';
import type { CalendarRow, DatedRow, Instrument, OnFileRule, Rule } from '../transfer/rule.ts';
import type { LawParts, LawPositions } from './law-book.ts';
import type { LawReadingId, ZoneListRow } from './law-row.ts';
import type { OperatorFile, OperatorRow } from './operator-schema.ts';
import type { RetentionRow } from './retention.table.ts';
import type { SafeDrivingFunction } from './safe-driving-functions.table.ts';

/** Tables that an operator may add to, with the shape of their rows. */
export interface OpenTables {
  readonly rules: Rule;
  readonly onFile: OnFileRule;
  readonly calendars: CalendarRow;
  readonly clauses: ClauseRow;
  readonly items: ItemRow;
  readonly functions: SafeDrivingFunction;
  readonly retention: RetentionRow;
  readonly zoneLists: ZoneListRow;
  readonly deadlines: DeadlineRow;
  readonly annual: AnnualRow;
  readonly timelines: RouteTimeline;
}

export type OpenTable = keyof OpenTables;

/**
 * Lays an operator's rows over the shipped ones. A row that bears the id of a shipped one stands in its place from its
 * first day until its last; before and after, the shipped row applies. The order of rows is no matter.
 */
export function layOver(shipped: LawParts, file: OperatorFile): LawParts {
  const over = <T extends OpenTable>(table: T, rows: readonly OpenTables[T][]): readonly OpenTables[T][] => {
    const added = rowsOf(file, table);
    return [...rows.flatMap((row) => outside(row, added)), ...added];
  };
  const { verdicts, classification, duties } = shipped;
  return {
    verdicts: {
      ...verdicts,
      rules: over('rules', verdicts.rules),
      onFile: over('onFile', verdicts.onFile),
      calendars: over('calendars', verdicts.calendars),
    },
    classification: {
      ...classification,
      clauses: over('clauses', classification.clauses),
      items: over('items', classification.items),
      functions: over('functions', classification.functions),
      retention: over('retention', classification.retention),
      zoneLists: over('zoneLists', classification.zoneLists),
    },
    duties: {
      deadlines: over('deadlines', duties.deadlines),
      annual: over('annual', duties.annual),
      timelines: over('timelines', duties.timelines),
    },
    instruments: [...shipped.instruments, ...instrumentsOf(file)],
    positions: positionsOf(file),
  };
}

/** Rows of one table. The schema has parsed each by the name of its table, which is not part of the row. */
export function rowsOf<T extends OpenTable>(file: OperatorFile, table: T): readonly OpenTables[T][] {
  return file.rows.filter((row) => row.table === table).map((row) => bareRow(row) as unknown as OpenTables[T]);
}

/** The row as the book holds it: with its sign-off, so that the digest of a verdict covers that too. */
function bareRow({ table: _, ...row }: OperatorRow): object {
  return row;
}

/** The parts of a row's time that no row of the same id takes: none, one or several. */
export function outside<T extends DatedRow>(row: T, taken: readonly DatedRow[]): readonly T[] {
  let parts: readonly T[] = [row];
  for (const { id, from, until } of taken)
    if (id === row.id) parts = parts.flatMap((part) => without(part, from, until));
  return parts;
}

function without<T extends DatedRow>(row: T, from: DatedRow['from'], until: DatedRow['until']): readonly T[] {
  const startsAfter = until !== undefined && until <= row.from;
  const endsBefore = row.until !== undefined && row.until <= from;
  if (startsAfter || endsBefore) return [row];
  const before = row.from < from ? [{ ...row, until: from }] : [];
  const resumes = until !== undefined && (row.until === undefined || until < row.until);
  return resumes ? [...before, { ...row, from: until }] : before;
}

function instrumentsOf(file: OperatorFile): readonly Instrument[] {
  return file.rows.flatMap((row) => {
    if (row.table !== 'instruments') return [];
    const { id, title, number, inForceSince, status, confidence } = row;
    return [{ id, title, number, status, confidence, ...(inForceSince === undefined ? {} : { inForceSince }) }];
  });
}

function positionsOf(file: OperatorFile): LawPositions {
  return Object.fromEntries(
    file.readings.map(({ reading, position, signOff }) => [reading as LawReadingId, { position, signOff }]),
  );
}
