import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memoryStore } from '../../cloud/classification/memory-store.ts';
import { openAggregates, type RunningAggregates } from '../../cloud/classification/running-aggregates.ts';
import { type AnyRecord, anyRecord } from '../support/classification/any-records.ts';
import { classified, isNoLower, outcomeOf, RULES, summaryOf } from '../support/classification/summary.ts';

/** Counts records in groups that end after each of the cuts. */
function counted(records: readonly AnyRecord[], cuts: readonly number[] = []): RunningAggregates {
  const store = memoryStore();
  const aggregates = openAggregates(RULES, store);
  const ends = [...new Set([...cuts.map((cut) => cut % (records.length + 1)), records.length])].sort((a, b) => a - b);
  let from = 0;
  for (const end of ends) {
    const group = aggregates.begin();
    for (const { device, content, area } of records.slice(from, end)) group.take(device, content, area);
    const changes = group.changes();
    store.write(changes);
    aggregates.settle(changes);
    from = end;
  }
  return aggregates;
}

const some = fc.array(anyRecord, { maxLength: 24 });
const cuts = fc.array(fc.nat(24), { maxLength: 5 });

describe('records that are counted', () => {
  test('are the same in any order and in any groups', () => {
    fc.assert(
      fc.property(
        some.chain((records) => fc.tuple(fc.constant(records), shuffled(records))),
        cuts,
        cuts,
        (both, a, b) => {
          const [one, other] = both.map((records, index) => counted(records, index === 0 ? a : b));
          expect(summaryOf(one as RunningAggregates)).toEqual(summaryOf(other as RunningAggregates));
          expect(classified(one as RunningAggregates)).toEqual(classified(other as RunningAggregates));
        },
      ),
    );
  });

  test('never lose a class by more records', () => {
    fc.assert(
      fc.property(some, some, (first, more) => {
        const part = classified(counted(first));
        const whole = classified(counted([...first, ...more]));
        expect(whole.classes).toEqual(expect.arrayContaining([...part.classes]));
        expect(isNoLower(whole.important, part.important)).toBe(true);
        expect(isNoLower(whole.sensitive, part.sensitive)).toBe(true);
        for (const { item, outcome } of part.items)
          expect([item, isNoLower(outcomeOf(whole.items, item), outcome)]).toEqual([item, true]);
      }),
    );
  });

  test('are together what none of their parts is above, however they are split', () => {
    fc.assert(
      fc.property(some, fc.array(fc.boolean(), { minLength: 24, maxLength: 24 }), (records, sides) => {
        const whole = classified(counted(records));
        for (const side of [true, false]) {
          const part = classified(counted(records.filter((_, index) => sides[index] === side)));
          expect(whole.classes).toEqual(expect.arrayContaining([...part.classes]));
          expect(isNoLower(whole.important, part.important)).toBe(true);
        }
      }),
    );
  });
});

function shuffled<T>(values: readonly T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray([...values], { minLength: values.length, maxLength: values.length });
}
