import { describe, expect, test } from 'vitest';
import { SHIPPED_RULES } from '../../../../cloud/rules/shipped-rules.ts';
import { decide } from '../../../../cloud/transfer/decide.ts';
import type { Rule } from '../../../../cloud/transfer/rule.ts';
import { bindRuleBook, isInForce, type RuleTables, rulesOn } from '../../../../cloud/transfer/rule-book.ts';
import type { CivilDate } from '../../../../proto/words/time.ts';
import { factsInput, transferFacts } from '../../../support/transfer-facts.ts';

const { tables } = SHIPPED_RULES;
const day = (text: string) => text as CivilDate;
const rule = (id: string): Rule => {
  const found = tables.rules.find((row) => row.id === id);
  if (found === undefined) throw new Error(`the tables have a rule ${id}`);
  return found;
};
const withRules = (...rules: Rule[]): RuleTables => ({ ...tables, rules: [...tables.rules, ...rules] });
const replacing = (id: string, change: Partial<Rule>): RuleTables => ({
  ...tables,
  rules: tables.rules.map((row) => (row.id === id ? { ...row, ...change } : row)),
});

describe('a rule book', () => {
  test('a row applies on its first day and no longer on its last', () => {
    const row = { id: 'x', from: day('2026-02-03'), until: day('2026-07-01') };
    expect(['2026-02-02', '2026-02-03', '2026-06-30', '2026-07-01'].map((on) => isInForce(row, day(on)))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  test('the rules of a day are those in force on it, in the order of the concerns', () => {
    const ids = rulesOn(SHIPPED_RULES, day('2021-11-01')).rules.map(({ id }) => id);
    expect(ids).toEqual(['A4-0.core', 'TG-SILENCE', 'PIPIA-1', 'PIPL-39.consent', 'PIPL-39.notice']);
  });

  test('every day has a span, and each span tells its own', () => {
    const { spans } = SHIPPED_RULES;
    for (const [index, span] of spans.entries()) {
      expect(span.until).toBe(spans[index + 1]?.from);
      expect(rulesOn(SHIPPED_RULES, span.from)).toBe(span);
    }
    expect(() => rulesOn(SHIPPED_RULES, day('1999-12-31'))).toThrow('calendar of the rule book');
  });

  test('an amendment closes a row and adds one: each side of its day has its own number', () => {
    const old = rule('EX-5');
    const amended = bindRuleBook({
      ...replacing('EX-5', { until: day('2027-01-01') }),
      rules: [
        ...replacing('EX-5', { until: day('2027-01-01') }).rules,
        { ...old, from: day('2027-01-01'), when: [...old.when, { fact: 'persons', below: 50_000 }] },
      ],
    });
    const on = (text: string) => {
      const persons = { before: 60_000, transfer: 1, projected: 60_001 };
      return transferFacts({ on: text, counts: { ...factsInput().counts, year: Number(text.slice(0, 4)), persons } });
    };
    expect(decide(on('2026-12-31'), amended).decision).toBe('permit');
    expect(decide(on('2027-01-01'), amended).decision).toBe('withhold');
  });

  test('a new law leaves the verdicts of earlier days as they were, digest and all', () => {
    const facts = transferFacts();
    const later = bindRuleBook({
      ...replacing('EX-5', { until: day('2027-01-01') }),
      rules: [...replacing('EX-5', { until: day('2027-01-01') }).rules, { ...rule('EX-5'), from: day('2027-01-01') }],
    });
    expect(decide(facts, later)).toEqual(decide(facts, SHIPPED_RULES));
  });

  test('a row that reads otherwise gives another digest', () => {
    const edited = bindRuleBook(replacing('EX-5', { reason: { en: 'another reason', zh: '另一理由' } }));
    expect(rulesOn(edited, day('2026-11-21')).digest).not.toBe(rulesOn(SHIPPED_RULES, day('2026-11-21')).digest);
  });

  test.each<[string, RuleTables]>([
    ['one id twice in force', withRules(rule('EX-5'))],
    ['a row that ends before it begins', replacing('EX-5', { until: day('2026-02-03') })],
    ['a grant without the demand for nothing', replacing('EX-5', { demands: 'security-assessment' })],
    ['a demand for nothing outside the route', replacing('EX-5', { concern: 'geography' })],
    ['a route whose demand has no strictness', replacing('G26-I.3.B1', { demands: 'notice' })],
    ['no rule of last resort', { ...tables, rules: tables.rules.filter(({ id }) => id !== 'TG-SILENCE') }],
    ['two rules of last resort', withRules({ ...rule('TG-SILENCE'), id: 'TG-SILENCE-2' })],
    ['a demand without a row', { ...tables, demands: tables.demands.filter(({ id }) => id !== 'pipia') }],
    ['a fact without a name', { ...tables, facts: tables.facts.filter(({ id }) => id !== 'manner') }],
  ])('%s is a bug in the tables', (_, broken) => {
    expect(() => bindRuleBook(broken)).toThrow('broken invariant');
  });
});
