import { type Bilingual, bilingual } from '../../proto/words/fault.ts';
import {
  type CivilDate,
  civilDateOf,
  civilYearOf,
  DAY_MS,
  HOUR_MS,
  type Instant,
  startOfDay,
} from '../../proto/words/time.ts';
import { addDays, addMonths, workingDayAfter, workingDayBefore } from '../transfer/civil-days.ts';
import type { CalendarRow, Citation } from '../transfer/rule.ts';
import { isInForce } from '../transfer/rule-book.ts';
import type { AnnualRow, DeadlineRow, KeyTest, MetBy } from './deadline.ts';
import type { EntryBody, RegisterEntry } from './kind.ts';
import type { Change } from './out-of-date.ts';
import { standingBody } from './standing.ts';
import { valueAt } from './value-at.ts';
import { momentOf } from './words.ts';

/** One clock that runs, or has run out. */
export interface AgendaItem {
  readonly rule: string;
  readonly kind: string;
  readonly entry: string;
  readonly title: Bilingual;
  readonly citation: Citation;
  /** Undefined when the term leaves the years that have a calendar of working days: then it counts as run out. */
  readonly dueAt: Instant | undefined;
  readonly state: 'open' | 'overdue' | 'uncountable';
}

export interface AgendaParts {
  readonly rows: readonly DeadlineRow[];
  readonly annual: readonly AnnualRow[];
  readonly calendars: readonly CalendarRow[];
  /** What a document is out of date in on a day; without it nobody looks. */
  readonly changedIn?: (entry: RegisterEntry, on: CivilDate) => readonly Change[];
}

/** Every clock that is not met, soonest first; what cannot be counted comes before all. */
export function agendaOf(entries: readonly RegisterEntry[], parts: AgendaParts, now: Instant): readonly AgendaItem[] {
  const today = civilDateOf(now);
  const items = entries.flatMap((entry) =>
    entry.isWithdrawn
      ? []
      : parts.rows
          .filter((row) => row.kind === entry.kind && isInForce(row, today) && runs(row, entry.body))
          .flatMap((row) => itemOf(row, entry, parts.calendars, now))
          .concat(renewalOf(entry, parts.changedIn?.(entry, today) ?? [], today), confirmationOf(entry, today)),
  );
  const annual = parts.annual
    .filter((row) => isInForce(row, today))
    .flatMap((row) => [annualItem(row, now), ...entries.flatMap((entry) => missedReports(row, entry, now))]);
  return [...items, ...annual].toSorted((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0));
}

function itemOf(row: DeadlineRow, entry: RegisterEntry, calendars: readonly CalendarRow[], now: Instant): AgendaItem[] {
  const from = valueAt(entry.body, row.runsFrom);
  if (typeof from !== 'string') return [];
  const dueAt = dueOf(row, from, calendars);
  const { id: rule, title, citation } = row;
  const head = { rule, kind: entry.kind, entry: entry.id, title, citation };
  if (dueAt === 'unknown') return [{ ...head, dueAt: undefined, state: 'uncountable' }];
  if (row.opens === true) {
    // Told first by the day on which one may act, then by the day until which; what ends on that day has a row of its own.
    const [opensAt, closesAt] = [(dueAt - DAY_MS) as Instant, startOfDay(from as CivilDate)];
    return now >= closesAt ? [] : [{ ...head, dueAt: now < opensAt ? opensAt : closesAt, state: 'open' }];
  }
  return [{ ...head, dueAt, state: now >= dueAt ? 'overdue' : 'open' }];
}

/** A document that is out of date counts for nothing from now on. */
function renewalOf({ kind, id }: RegisterEntry, changed: readonly Change[], today: CivilDate): AgendaItem[] {
  if (changed.length === 0) return [];
  const names = changed.map(({ what, id: of }) => `${what} ${of}`).join(', ');
  const title = bilingual(`make it anew, since then changed: ${names}`, `请重新办理，其后已变更：${names}`);
  return [{ rule: 'RENEWAL', kind, entry: id, title, citation: CHANGED, dueAt: startOfDay(today), state: 'overdue' }];
}

function confirmationOf({ kind, id, pending }: RegisterEntry, today: CivilDate): AgendaItem[] {
  if (pending === undefined) return [];
  const keys = pending.keys.join(', ');
  const title = bilingual(`a second person confirms the change of ${keys}`, `由第二人确认 ${keys} 的变更`);
  return [{ rule: 'FOUR-EYES', kind, entry: id, title, citation: FOUR_EYES, dueAt: endOf(today), state: 'open' }];
}

const CHANGED: Citation = { instrument: 'G26', article: 'III(2)-(4)', articleZh: '三（二）至（四）' };
const FOUR_EYES: Citation = { instrument: 'G26', article: 'IV(1)', articleZh: '四（一）' };

function dueOf({ term }: DeadlineRow, from: string, calendars: readonly CalendarRow[]): Instant | 'unknown' {
  const isDay = from.length === DAY_CHARACTERS;
  const start = isDay ? startOfDay(from as CivilDate) : momentOf(from);
  const day = isDay ? (from as CivilDate) : civilDateOf(start);
  if ('ends' in term) return start;
  if ('hours' in term) return (start + term.hours * HOUR_MS) as Instant;
  if ('days' in term) return isDay ? endOf(addDays(day, term.days)) : ((start + term.days * DAY_MS) as Instant);
  if ('months' in term) return startOfDay(addMonths(day, term.months));
  const end =
    'workingDays' in term
      ? workingDayAfter(day, term.workingDays, calendars)
      : workingDayBefore(day, term.workingDaysBefore, calendars);
  return end === 'unknown' ? 'unknown' : endOf(end);
}

const endOf = (day: CivilDate): Instant => startOfDay(addDays(day, 1));

const DAY_CHARACTERS = 10;

function runs({ when = [], metBy }: DeadlineRow, body: EntryBody): boolean {
  return when.every((one) => holds(body, one)) && (metBy === undefined || !isMet(metBy, body));
}

function isMet(metBy: MetBy, body: EntryBody): boolean {
  if ('reportTo' in metBy) {
    const reports = (body['reports'] ?? []) as readonly { readonly to: string }[];
    return metBy.reportTo.every((authority) => reports.some(({ to }) => to === authority));
  }
  return 'in' in metBy ? holds(body, metBy) : valueAt(body, metBy.key) !== undefined;
}

function holds(body: EntryBody, test: KeyTest): boolean {
  const value = valueAt(body, test.key);
  return 'in' in test ? test.in.includes(String(value)) : typeof value === 'number' && value >= test.atLeast;
}

/** The next day of the annual report that has not passed. */
function annualItem({ id, monthDay, title, citation }: AnnualRow, now: Instant): AgendaItem {
  const year = Number(civilDateOf(now).slice(0, 4));
  const due = [year, year + 1].map((one) => endOf(`${one}-${monthDay}` as CivilDate)).find((at) => now < at);
  return { rule: id, kind: 'report', entry: 'annual', title, citation, dueAt: due, state: 'open' };
}

/** Years back in which a report that was not made is told of: those of which the logs are kept. */
const MISSED_YEARS_MAX = 3;

/**
 * Reports whose day has passed and of which the profile of the processor has none. It is asked of a processor from the first day on which
 * somebody may act in its name: of what was before, no register says anything.
 */
function missedReports(
  { id, from, monthDay, title, citation }: AnnualRow,
  entry: RegisterEntry,
  now: Instant,
): AgendaItem[] {
  if (entry.kind !== 'processor' || entry.isWithdrawn) return [];
  const { authorities = [], annualReports = [] } = standingBody(entry) as ReportingBody;
  const began = authorities.map(({ since }) => since).toSorted()[0];
  const thisYear = civilYearOf(now);
  return Array.from({ length: MISSED_YEARS_MAX }, (_, back) => thisYear - back).flatMap((year) => {
    const day = `${year}-${monthDay}` as CivilDate;
    const dueAt = endOf(day);
    const isMade = annualReports.some((one) => one.report === id && one.year === year);
    if (began === undefined || day < began || day < from || now < dueAt || isMade) return [];
    const named = bilingual(`${title.en} of ${year}`, `${year} 年度${title.zh}`);
    const head = { rule: id, kind: 'report', entry: `${entry.id}-${year}`, title: named, citation };
    return [{ ...head, dueAt, state: 'overdue' as const }];
  });
}

interface ReportingBody {
  readonly authorities?: readonly { readonly since: string }[];
  readonly annualReports?: readonly { readonly report: string; readonly year: number }[];
}
