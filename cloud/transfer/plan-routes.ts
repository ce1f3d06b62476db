import type { Bilingual } from '../../proto/words/fault.ts';
import type { CivilDate } from '../../proto/words/time.ts';
import { addDays, addYears } from './civil-days.ts';
import { decide } from './decide.ts';
import { type FactsInput, parseFacts, type TransferFacts } from './facts.ts';
import { type CountedDay, type Counter, type Pace, type Paces, pacesOf } from './pace.ts';
import { type PlannedExemption, planExemptions } from './plan-exemptions.ts';
import { type PlanWarning, planWarnings } from './plan-warnings.ts';
import type { Citation, Confidence, DatedRow, RowStatus, Test } from './rule.ts';
import { isInForce, type RuleBook, rulesOn } from './rule-book.ts';
import type { Missing, Verdict } from './verdict.ts';

export const MECHANISMS = ['standard-contract', 'certification', 'security-assessment'] as const;
export type Mechanism = (typeof MECHANISMS)[number];

/** How long a mechanism takes, in months, as practitioners report. */
export interface RouteTimeline extends DatedRow {
  readonly route: Mechanism;
  readonly months: { readonly least: number; readonly most: number };
  readonly pitfalls: Bilingual;
  readonly citation: Citation;
  readonly confidence: Confidence;
  readonly status: RowStatus;
}

/** One way out of the country for a planned transfer. */
export interface PlannedRoute {
  /** A mechanism that would be put on file, or what the transfer goes under with what is there. */
  readonly route: Mechanism | 'as-it-stands';
  /** Whether the transfer would clear with it; else what would still be missing. */
  readonly clears: boolean;
  readonly under?: string;
  readonly missing: readonly Missing[];
  readonly timeline?: RouteTimeline;
}

/** A threshold of persons that the year's pace reaches. */
export interface Crossing {
  readonly counter: Counter;
  readonly threshold: number;
  readonly rule: string;
  /** Undefined when this year's pace does not reach it before the counts begin anew. */
  readonly on: CivilDate | undefined;
  readonly method: Pace['method'];
}

export interface RoutePlan {
  readonly routes: readonly PlannedRoute[];
  /** Each of the nine exemptions, and what its evidence wants. */
  readonly exemptions: readonly PlannedExemption[];
  readonly crossings: readonly Crossing[];
  /** How fast each count grows, which crossings and growth are reckoned by. */
  readonly paces: Paces;
  readonly warnings: readonly PlanWarning[];
}

/**
 * Compares the routes open to a planned transfer: each mechanism is put on file for the facts and the transfer decided as
 * it would be. Pure; nothing here lets anything out.
 *
 * @param counted - days of the year by the counts of the cloud, for the pace; a facts file has none
 */
export function planRoutes(
  facts: TransferFacts,
  book: RuleBook,
  timelines: readonly RouteTimeline[],
  counted?: readonly CountedDay[],
): RoutePlan {
  const asItStands = outcome(decide(facts, book));
  const withEach = MECHANISMS.map((route): PlannedRoute => {
    const planned = parseFacts({ ...facts, onFile: [...facts.onFile, documentFor(route, facts)] });
    const timeline = timelines.find((row) => row.route === route && isInForce(row, facts.on));
    const decided = planned.ok ? outcome(decide(planned.value, book)) : { clears: false, missing: [] };
    return { route, ...decided, ...(timeline === undefined ? {} : { timeline }) };
  });
  const paces = pacesOf(facts, counted);
  const crossings = crossingsOf(facts, book, paces);
  return {
    routes: [{ route: 'as-it-stands', ...asItStands }, ...withEach],
    exemptions: planExemptions(facts, book),
    crossings,
    paces,
    warnings: planWarnings(facts, rulesOn(book, facts.on), crossings, paces),
  };
}

function outcome(verdict: Verdict): Pick<PlannedRoute, 'clears' | 'missing' | 'under'> {
  if (verdict.decision === 'permit') return { clears: true, under: verdict.under, missing: [] };
  return { clears: false, missing: verdict.missing };
}

/** The mechanism in the best order it can be in: for exactly this transfer, from today, filed and valid. */
function documentFor(
  route: Mechanism,
  { on, recipient, dataset, purpose, counts }: TransferFacts,
): FactsInput['onFile'][number] {
  const scoped = {
    id: `planned/${route}`,
    validFrom: on,
    validUntil: addYears(on, 1),
    recipients: [recipient.id],
    datasets: [dataset.id],
    purposes: [purpose],
  };
  if (route === 'standard-contract') {
    return { kind: route, ...scoped, filing: { state: 'filed', on, number: `planned/${route}` } };
  }
  if (route === 'certification') return { kind: route, ...scoped, status: { state: 'valid', checkedOn: on } };
  const persons = [counts.persons, counts.sensitivePersons].map((one) => (one === 'unknown' ? 0 : one.projected));
  return { kind: route, ...scoped, appliedOn: on, scale: { personsMax: Math.max(...persons), personsBefore: 0 } };
}

/** Every threshold of the route rules that is still ahead, least first, and the day on which this year's pace reaches it. */
export function crossingsOf(
  facts: Pick<TransferFacts, 'on' | 'counts'>,
  book: RuleBook,
  paces: Paces,
): readonly Crossing[] {
  const routes = rulesOn(book, facts.on).rules.filter(({ concern }) => concern === 'route');
  const ahead = routes.flatMap((rule) => rule.when.flatMap((test) => crossingOf(test, rule.id, facts, paces)));
  return ahead.toSorted((a, b) => a.threshold - b.threshold);
}

function crossingOf(
  test: Test,
  rule: string,
  { on, counts }: Pick<TransferFacts, 'on' | 'counts'>,
  paces: Paces,
): readonly Crossing[] {
  if (!('atLeast' in test) || test.atLeast === undefined) return [];
  const counter = COUNTERS[test.fact];
  const count = counter === undefined ? 'unknown' : counts[counter];
  if (counter === undefined || count === 'unknown' || test.atLeast <= Math.max(count.projected, 1)) return [];
  const { method, persons, days } = paces[counter];
  // Spread evenly, the count grows from 1 January on; by recent days it grows from where it stands.
  const [start, left] =
    method === 'even-year'
      ? [addDays(`${counts.year}-01-01` as CivilDate, -1), test.atLeast]
      : [on, test.atLeast - count.projected];
  const needed = Math.ceil((left * days) / Math.max(persons, Number.MIN_VALUE));
  const reached = needed > DAYS_A_YEAR_MAX ? undefined : addDays(start, needed);
  const isThisYear = reached?.startsWith(`${counts.year}-`) === true;
  return [{ counter, threshold: test.atLeast, rule, on: isThisYear ? reached : undefined, method }];
}

const DAYS_A_YEAR_MAX = 366;

const COUNTERS: Readonly<Record<string, Counter>> = {
  persons: 'persons',
  sensitivePersons: 'sensitivePersons',
  sensitivePersonsOfYear: 'sensitivePersons',
};
