import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ClauseRow, ClauseTest } from '../../cloud/classification/item.ts';
import { CLAUSES } from '../../cloud/rules/clauses.table.ts';
import { isWeakerClause, isWeakerRule } from '../../cloud/rules/strictness.ts';
import { TRANSFER_RULES } from '../../cloud/rules/transfer-rules.table.ts';
import { parseFacts } from '../../cloud/transfer/facts.ts';
import { positionsOf } from '../../cloud/transfer/legal-facts.ts';
import type { Rule, Test } from '../../cloud/transfer/rule.ts';
import { weigh } from '../../cloud/transfer/weigh.ts';
import { anyFacts } from '../support/any-transfer-facts.ts';
import { parsed } from '../support/transfer-facts.ts';

const [clause] = CLAUSES;
const demanding = TRANSFER_RULES.find(({ id }) => id === 'G26-I.3.B1');
const granting = TRANSFER_RULES.find(({ id }) => id === 'EX-5');
if (clause === undefined || demanding === undefined || granting === undefined) throw new Error('the tables have rows');

/** What clauses are tested on: few words and small figures, so that chance meets the bounds. */
interface World {
  readonly vehicles: number;
  readonly pictures: number;
  readonly fused: boolean;
}

const world = fc.record({ vehicles: fc.nat(4), pictures: fc.nat(4), fused: fc.boolean() });
const { tree } = fc.letrec<{ tree: ClauseTest; leaf: ClauseTest }>((tie) => ({
  leaf: fc.oneof(
    fc.record({ measure: fc.constantFrom('vehicles' as const, 'pictures' as const), atLeast: fc.nat(4) }),
    fc.record({ measure: fc.constantFrom('vehicles' as const, 'pictures' as const), over: fc.nat(4) }),
    fc.constant({ finding: 'fused' as const }),
  ),
  tree: fc.oneof(
    { maxDepth: 2 },
    tie('leaf'),
    fc.record({ all: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }),
  ),
}));

function holds(test: ClauseTest, facts: World): boolean {
  if ('all' in test) return test.all.every((part) => holds(part, facts));
  if ('any' in test) return test.any.some((part) => holds(part, facts));
  if ('finding' in test) return facts.fused;
  const reached = test.measure === 'vehicles' ? facts.vehicles : facts.pictures;
  if ('overMonths' in test) return false;
  return 'atLeast' in test ? reached >= test.atLeast : reached > test.over;
}

const rowOf = (test: ClauseTest): ClauseRow => ({ ...clause, test });

describe('a row that is not called weaker', () => {
  test('hits whatever the row before it hit', () => {
    let strict = 0;
    fc.assert(
      fc.property(tree, tree, fc.array(world, { minLength: 5, maxLength: 20 }), (before, after, worlds) => {
        if (isWeakerClause(rowOf(before), rowOf(after))) return;
        strict += 1;
        for (const facts of worlds) if (holds(before, facts)) expect(holds(after, facts)).toBe(true);
      }),
      { numRuns: 3_000 },
    );
    expect(strict).toBeGreaterThan(100);
  });

  test('demands at least where the rule before it did, and grants at most where that one granted', () => {
    const bound = fc.constantFrom(1, 100, 50_000, 100_000, 1_000_000);
    const amount = fc.record(
      {
        fact: fc.constantFrom('persons' as const, 'sensitivePersons' as const),
        atLeast: bound,
        below: bound,
        over: bound,
      },
      { requiredKeys: ['fact', 'atLeast'] },
    );
    const named: fc.Arbitrary<Test> = fc.constantFrom<Test>(
      { fact: 'ciio', is: 'no' },
      { fact: 'ciio', in: ['yes', 'no'] },
      { fact: 'personal', is: 'present' },
      { fact: 'sensitive', is: 'absent' },
    );
    const when = fc.array(fc.oneof(amount, named), { minLength: 1, maxLength: 3 });
    const facts = anyFacts.filter((input) => parseFacts(input).ok).map(parsed);
    const check = (base: Rule, isImplied: (before: boolean, after: boolean) => boolean) =>
      fc.assert(
        fc.property(when, when, facts, (one, other, input) => {
          const [before, after] = [
            { ...base, when: one },
            { ...base, when: other },
          ];
          if (isWeakerRule(before, after)) return;
          const outcome = (rule: Rule) => weigh(rule.when, input, positionsOf(input)).outcome === 'holds';
          expect(isImplied(outcome(before), outcome(after))).toBe(true);
        }),
        { numRuns: 800 },
      );
    check(demanding, (before, after) => !before || after);
    check(granting, (before, after) => !after || before);
  });
});
