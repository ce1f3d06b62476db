import type { ClauseRow, ClauseTest, ItemRow } from '../classification/item.ts';
import type { AnnualRow, DeadlineRow, KeyTest, MetBy, Term } from '../registers/deadline.ts';
import type { AmountTest, OnFileCheck, OnFileRule, Rule, Test } from '../transfer/rule.ts';
import type { ZoneListRow } from './law-row.ts';
import type { Period, RetentionRow } from './retention.table.ts';

/**
 * May a row that replaces another let out what the other held back? Each function answers no only where it can show it from
 * the rows alone; what it cannot compare counts as weaker, and then needs a legal sign-off.
 */
export function isWeakerRule(before: Rule, after: Rule): boolean {
  if (after.concern !== before.concern || after.otherwise !== before.otherwise) return true;
  if (before.grants !== undefined) {
    // A grant that becomes a demand, or that asks for more, lets less out.
    return after.grants !== undefined && !(after.grants === before.grants && impliesAll(after.when, before.when));
  }
  if (after.grants !== undefined) return true;
  const isLighter = after.demands !== before.demands && !isStricterRoute(before, after);
  return isLighter || !impliesAll(before.when, after.when);
}

/** Of the demands on the route only one is stricter than another by its row: an assessment meets both. */
function isStricterRoute(before: Rule, after: Rule): boolean {
  return before.demands === 'contract-or-certification' && after.demands === 'security-assessment';
}

/** Whenever all of `when` hold, do all of `then`? */
function impliesAll(when: readonly Test[], then: readonly Test[]): boolean {
  return then.every((wanted) => when.some((given) => impliesTest(given, wanted)));
}

function impliesTest(given: Test, wanted: Test): boolean {
  if (given.fact !== wanted.fact) return false;
  if (isNamed(given) && isNamed(wanted)) return valuesOf(given).every((value) => valuesOf(wanted).includes(value));
  if (isNamed(given) || isNamed(wanted)) return false;
  return least(given) >= least(wanted) && (given.below ?? Infinity) <= (wanted.below ?? Infinity);
}

function isNamed(test: Test): test is Exclude<Test, AmountTest> {
  return 'is' in test || 'in' in test;
}

function valuesOf(test: Exclude<Test, AmountTest>): readonly (string | number)[] {
  return 'in' in test ? test.in : [test.is];
}

/** Persons are whole, so `over` n is n + 1 and more. */
function least({ atLeast, over }: AmountTest): number {
  return Math.max(atLeast ?? 0, over === undefined ? 0 : over + 1);
}

export function isWeakerOnFile(before: OnFileRule, after: OnFileRule): boolean {
  return after.kind !== before.kind || !isAtLeastAsStrict(before.requires, after.requires);
}

function isAtLeastAsStrict(before: OnFileCheck, after: OnFileCheck): boolean {
  if (before.check === 'covers') return after.check === 'covers' && after.scope === before.scope;
  if (before.check === 'term') return after.check === 'term' && after.yearsMax <= before.yearsMax;
  if (before.check === 'status') return after.check === 'status' && after.ageDaysMax <= before.ageDaysMax;
  if (before.check === 'filed-in-time') {
    return (
      after.check === 'filed-first' || (after.check === 'filed-in-time' && after.workingDays <= before.workingDays)
    );
  }
  return after.check === before.check;
}

/** A clause is weaker where data that it hit might no longer be hit. */
export function isWeakerClause(before: ClauseRow, after: ClauseRow): boolean {
  return !impliesClause(before.test, after.test);
}

function impliesClause(given: ClauseTest, wanted: ClauseTest): boolean {
  if ('all' in wanted) return wanted.all.every((part) => impliesClause(given, part));
  if ('any' in given) return given.any.every((part) => impliesClause(part, wanted));
  if ('any' in wanted && wanted.any.some((part) => impliesClause(given, part))) return true;
  if ('all' in given) return given.all.some((part) => impliesClause(part, wanted));
  return !('any' in wanted) && impliesLeaf(given, wanted);
}

type Leaf = Exclude<ClauseTest, { readonly all: unknown } | { readonly any: unknown }>;

function impliesLeaf(given: Leaf, wanted: Leaf): boolean {
  if ('finding' in given || 'finding' in wanted)
    return 'finding' in given && 'finding' in wanted && given.finding === wanted.finding;
  if (given.measure !== wanted.measure) return false;
  if ('overMonths' in given || 'overMonths' in wanted)
    return 'overMonths' in given && 'overMonths' in wanted && wanted.overMonths <= given.overMonths;
  // Kilometres and hours are no whole numbers: more than n lies above n, and n itself does not.
  const bound = 'atLeast' in wanted ? wanted.atLeast : wanted.over;
  const lowest = 'atLeast' in given ? given.atLeast : given.over;
  return 'over' in wanted && 'atLeast' in given ? lowest > bound : lowest >= bound;
}

/** An item that was never read is unknown for all data, so whatever takes its place knows less to withhold. */
export function isWeakerItem(before: ItemRow, after: ItemRow): boolean {
  return (
    before.anyOf.length === 0 ||
    !after.precondition.every((clause) => before.precondition.includes(clause)) ||
    !before.anyOf.every((clause) => after.anyOf.includes(clause)) ||
    !before.kinds.every((kind) => after.kinds.includes(kind))
  );
}

export function isWeakerRetention(before: RetentionRow, after: RetentionRow): boolean {
  const isShortened = before.atLeast !== undefined && !isNoShorter(after.atLeast, before.atLeast);
  const isProlonged = before.atMost !== undefined && !isNoShorter(before.atMost, after.atMost);
  return isShortened || isProlonged;
}

/** Periods in different units are not compared: that a month is 28 to 31 days is for a person to weigh. */
function isNoShorter(one: Period | undefined, other: Period | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  return Object.entries(other).every(
    ([unit, length]) => (Object.entries(one).find(([key]) => key === unit)?.[1] ?? -1) >= length,
  );
}

/** A list that speaks of vehicles and has a version can carry an exemption. */
export function isWeakerZoneList(before: ZoneListRow | undefined, after: ZoneListRow): boolean {
  if (after.automotive !== 'yes' || after.version === undefined) return false;
  return (
    before === undefined ||
    before.version !== after.version ||
    before.opensToCiio !== after.opensToCiio ||
    before.automotive !== 'yes'
  );
}

/** A term is weaker that runs for less, from another day, for longer, or that less can end. */
export function isWeakerDeadline(before: DeadlineRow, after: DeadlineRow): boolean {
  return (
    after.kind !== before.kind ||
    after.runsFrom !== before.runsFrom ||
    after.opens !== before.opens ||
    !isNoLonger(after.term, before.term) ||
    !(after.when ?? []).every((given) => (before.when ?? []).some((one) => includesAll(given, one))) ||
    !isMetByNoMore(after.metBy, before.metBy)
  );
}

/** Terms of different units are not compared; what is counted back has to begin no later. */
function isNoLonger(after: Term, before: Term): boolean {
  const [[unit, length]] = Object.entries(after) as [[string, number | true]];
  const [[other, limit]] = Object.entries(before) as [[string, number | true]];
  if (unit !== other) return false;
  return unit === 'workingDaysBefore' ? length >= limit : length <= limit;
}

function includesAll(wide: KeyTest, narrow: KeyTest): boolean {
  if (wide.key !== narrow.key) return false;
  if ('in' in wide) return 'in' in narrow && narrow.in.every((value) => wide.in.includes(value));
  return 'atLeast' in narrow && wide.atLeast <= narrow.atLeast;
}

function isMetByNoMore(after: MetBy | undefined, before: MetBy | undefined): boolean {
  if (after === undefined || before === undefined) return after === undefined;
  if ('reportTo' in after)
    return 'reportTo' in before && before.reportTo.every((authority) => after.reportTo.includes(authority));
  if ('reportTo' in before || after.key !== before.key) return false;
  return !('in' in before) || ('in' in after && after.in.every((value) => before.in.includes(value)));
}

export function isWeakerAnnual(before: AnnualRow, after: AnnualRow): boolean {
  return after.monthDay > before.monthDay;
}
