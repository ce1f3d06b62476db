import type { Evidence } from './evidence.ts';
import type { ClauseRow, ClauseTest, Finding, ItemFinding, ItemRow } from './item.ts';
import { allOf, anyOf, exceeds, type Outcome, type Reached, reaches } from './outcome.ts';
import { exceedsMonths } from './span.ts';

/** What came of one item, clause by clause. */
export interface ItemResult {
  readonly item: string;
  readonly outcome: Outcome;
  readonly clauses: readonly ItemFinding[];
}

/**
 * Tests one item: each of its preconditions and one of the others has to hold. An item without a clause is one that nobody
 * has read, and unknown.
 *
 * @param clauseOf - rows in force; a clause that is not among them is unknown
 */
export function evaluateItem(
  item: ItemRow,
  clauseOf: (id: string) => ClauseRow | undefined,
  evidence: Evidence,
): ItemResult {
  const test = (id: string): ItemFinding => clauseFinding(item.id, id, clauseOf(id), evidence);
  const needed = item.precondition.map(test);
  const sufficient = item.anyOf.map(test);
  if (needed.length + sufficient.length === 0) return { item: item.id, outcome: 'unknown', clauses: [] };
  const oneOf = sufficient.length === 0 ? [] : [anyOf(sufficient.map(outcomeOf))];
  const outcome = allOf([...needed.map(outcomeOf), ...oneOf]);
  return { item: item.id, outcome, clauses: [...needed, ...sufficient] };
}

const outcomeOf = ({ outcome }: ItemFinding): Outcome => outcome;

function clauseFinding(item: string, id: string, row: ClauseRow | undefined, evidence: Evidence): ItemFinding {
  if (row === undefined) return { item, clause: id, outcome: 'unknown' };
  const outcome = testOutcome(item, row.test, evidence);
  const findings = findingsOf(row.test);
  return {
    item,
    clause: id,
    outcome,
    ...figureOf(item, row.test, evidence),
    ...(findings.length === 0 ? {} : { findings }),
  };
}

function testOutcome(item: string, test: ClauseTest, evidence: Evidence): Outcome {
  if ('all' in test) return allOf(test.all.map((one) => testOutcome(item, one, evidence)));
  if ('any' in test) return anyOf(test.any.map((one) => testOutcome(item, one, evidence)));
  if ('finding' in test) return evidence.finding(item, test.finding);
  if ('overMonths' in test) {
    const span = evidence.span(item, test.measure);
    if (span === 'unknown') return 'unknown';
    return exceedsMonths(span.from, span.until, test.overMonths) ? 'hit' : 'no-hit';
  }
  const reached = evidence.figure(item, test.measure);
  return 'atLeast' in test ? reaches(reached, test.atLeast) : exceeds(reached, test.over);
}

/** The first figure of a clause; no clause of the law has two that are numbers. */
function figureOf(item: string, test: ClauseTest, evidence: Evidence): Partial<ItemFinding> {
  if ('all' in test || 'any' in test) {
    const parts = 'all' in test ? test.all : test.any;
    return parts.map((one) => figureOf(item, one, evidence)).find(({ measure }) => measure !== undefined) ?? {};
  }
  if ('finding' in test || 'overMonths' in test) return {};
  const reached = evidence.figure(item, test.measure);
  const figure = 'atLeast' in test ? test.atLeast : test.over;
  return { measure: test.measure, reached: reached.least, ...mostOf(reached), figure };
}

function mostOf({ least, most }: Reached): Partial<ItemFinding> {
  if (most === least) return {};
  return { atMost: Number.isFinite(most) ? most : null };
}

function findingsOf(test: ClauseTest): readonly Finding[] {
  if ('all' in test) return test.all.flatMap(findingsOf);
  if ('any' in test) return test.any.flatMap(findingsOf);
  return 'finding' in test ? [test.finding] : [];
}
