import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countOf, missingFrom, withRange } from '../../cloud/ingest/extents.ts';
import type { Extents } from '../../cloud/ports/ledger.ts';

/** Sequences held, one by one: what the ranges stand for. */
type Model = ReadonlySet<number>;

const SEQUENCES = 120;
const range = fc
  .tuple(fc.nat(SEQUENCES), fc.nat(20))
  .map(([from, length]): readonly [number, number] => [from, from + length]);
const ranges = fc.array(range, { maxLength: 60 });

const numbers = ([from, to]: readonly [number, number]): readonly number[] =>
  Array.from({ length: to - from }, (_, at) => from + at);
const numbersIn = (extents: Extents): readonly number[] => extents.flatMap(numbers);

function build(list: readonly (readonly [number, number])[]): { readonly extents: Extents; readonly model: Model } {
  let extents: Extents = [];
  const model = new Set<number>();
  for (const one of list) {
    extents = withRange(extents, ...one);
    for (const number of numbers(one)) model.add(number);
  }
  return { extents, model };
}

test('extents hold exactly the sequences that were added, in any order', () => {
  fc.assert(
    fc.property(ranges, (list) => {
      const { extents, model } = build(list);
      expect(numbersIn(extents)).toEqual([...model].sort((a, b) => a - b));
      expect(countOf(extents)).toBe(model.size);
    }),
    { numRuns: 2_000 },
  );
});

test('extents ascend, are not empty, and do not touch', () => {
  fc.assert(
    fc.property(ranges, (list) => {
      const { extents } = build(list);
      for (const [at, [from, to]] of extents.entries()) {
        expect(from).toBeLessThan(to);
        expect(from).toBeGreaterThan(extents[at - 1]?.[1] ?? -1);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('missingFrom gives what a range asks for and the extents do not hold, and nothing else', () => {
  fc.assert(
    fc.property(ranges, range, (list, [from, to]) => {
      const { extents, model } = build(list);
      const missing = missingFrom(extents, from, to);
      expect(numbersIn(missing)).toEqual(numbers([from, to]).filter((number) => !model.has(number)));
      expect(countOf(missing) + countOf(extents)).toBe(countOf(withRange(extents, from, to)));
    }),
    { numRuns: 2_000 },
  );
});

test('adding what was missing is adding the range', () => {
  fc.assert(
    fc.property(ranges, range, (list, [from, to]) => {
      const { extents } = build(list);
      let byParts = extents;
      for (const one of missingFrom(extents, from, to)) byParts = withRange(byParts, ...one);
      expect(byParts).toEqual(withRange(extents, from, to));
      expect(missingFrom(byParts, from, to)).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});

test('the order of arrival does not matter', () => {
  fc.assert(
    fc.property(ranges, fc.infiniteStream(fc.nat()), (list, chance) => {
      const shuffled = list
        .map((one) => ({ one, at: chance.next().value as number }))
        .sort((a, b) => a.at - b.at)
        .map(({ one }) => one);
      expect(build(shuffled).extents).toEqual(build(list).extents);
    }),
    { numRuns: 500 },
  );
});

test('no call changes the extents it was given', () => {
  fc.assert(
    fc.property(ranges, range, (list, [from, to]) => {
      const { extents } = build(list);
      const before = JSON.stringify(extents);
      withRange(extents, from, to);
      missingFrom(extents, from, to);
      expect(JSON.stringify(extents)).toBe(before);
    }),
    { numRuns: 500 },
  );
});
