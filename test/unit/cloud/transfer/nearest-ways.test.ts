import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SHIPPED_RULES } from '../../../../cloud/rules/shipped-rules.ts';
import { decide } from '../../../../cloud/transfer/decide.ts';
import type { FactsInput } from '../../../../cloud/transfer/facts.ts';
import { nearestWays } from '../../../../cloud/transfer/nearest-ways.ts';
import { factsInput, parsed, transferFacts } from '../../../support/transfer-facts.ts';

const ways = (changes: Partial<FactsInput>) =>
  nearestWays(transferFacts(changes), SHIPPED_RULES).map(({ way, persons }) => [way, persons]);

const NONE = { before: 0, transfer: 0, projected: 0 };
const counts = (before: number, transfer: number, projected = before + transfer) => ({
  counts: { year: 2026, persons: { before, transfer, projected }, sensitivePersons: NONE },
});

describe('nearestWays', () => {
  test('has nothing to say of what clears', () => {
    expect(ways({})).toEqual([]);
  });

  test('says how many persons fit under the threshold, each taken for a new one', () => {
    expect(ways(counts(90_008, 20_000))).toEqual([
      ['fewer-persons', 9_991],
      ['as-aggregates', undefined],
    ]);
    // Half of them were counted before, and still nobody knows which half would stay.
    expect(ways(counts(90_008, 20_000, 100_008))[0]).toEqual(['fewer-persons', 9_991]);
    expect(ways(counts(99_999, 20_000))).toEqual([['as-aggregates', undefined]]);
  });

  test('the number of persons clears and one more does not, whatever was counted', () => {
    fc.assert(
      fc.property(fc.nat(120_000), fc.integer({ min: 1, max: 60_000 }), (before, transfer) => {
        const facts = transferFacts(counts(before, transfer));
        const found = nearestWays(facts, SHIPPED_RULES).find(({ way }) => way === 'fewer-persons')?.persons;
        const clears = (persons: number) =>
          decide(transferFacts(counts(before, persons)), SHIPPED_RULES).decision === 'permit';
        if (clears(transfer)) expect(found).toBeUndefined();
        else if (found === undefined) expect(clears(1)).toBe(false);
        else expect([clears(found), clears(found + 1)]).toEqual([true, false]);
      }),
      { numRuns: 60 },
    );
  });

  test('says that it clears without its sensitive fields', () => {
    const input = factsInput();
    const sensitive = { ...input.dataset, sensitive: 'present' as const };
    const sensitivePersons = { before: 0, transfer: 5_000, projected: 5_000 };
    const found = nearestWays(
      parsed({ ...input, dataset: sensitive, counts: { ...input.counts, sensitivePersons } }),
      SHIPPED_RULES,
    );
    expect(found.map(({ way }) => way)).toEqual(['without-sensitive', 'as-aggregates']);
  });

  test('nothing near clears what is never exportable', () => {
    expect(ways({ dataset: { ...factsInput().dataset, stateSecret: 'present' } })).toEqual([]);
  });
});
