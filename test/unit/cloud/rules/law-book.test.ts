import { describe, expect, test } from 'vitest';
import { bindLaw, lawOn, rowsOfLaw } from '../../../../cloud/rules/law-book.ts';
import { SHIPPED_LAW, SHIPPED_PARTS } from '../../../../cloud/rules/shipped-rules.ts';
import type { CivilDate } from '../../../../proto/words/time.ts';

const { classification } = SHIPPED_PARTS;
const binding = (change: Partial<typeof classification>) => () =>
  bindLaw({ ...SHIPPED_PARTS, classification: { ...classification, ...change } });
const [first] = classification.items;
if (first === undefined) throw new Error('there are items');

describe('the law of a day', () => {
  test('has one clause an id, each under the reading that stands', () => {
    const ids = lawOn(SHIPPED_LAW, '2026-11-21' as CivilDate).clauses.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(lawOn(SHIPPED_LAW, '2026-02-02' as CivilDate).items).toEqual([]);
  });

  test('lists every table, verdicts and classification alike', () => {
    expect(new Set(rowsOfLaw(SHIPPED_LAW).map(({ table }) => table))).toEqual(
      new Set([
        ...['rules', 'demands', 'onFile', 'notes', 'facts', 'calendars'],
        ...['items', 'clauses', 'functions', 'kinds', 'retention', 'zoneLists', 'readings'],
        ...['deadlines', 'annual', 'timelines'],
      ]),
    );
  });
});

describe('tables that contradict themselves are a bug', () => {
  test.each<[string, Partial<typeof classification>]>([
    ['an item without its clause', { items: [{ ...first, anyOf: ['nowhere'] }] }],
    ['an item with a number and no clause', { items: [{ ...first, anyOf: [] }] }],
    ['two items of one id', { items: [...classification.items, first] }],
    ['a kind with an item that there is not', { items: classification.items.slice(1) }],
    ['a clause that always holds', { clauses: classification.clauses.map((row) => ({ ...row, test: { all: [] } })) }],
    [
      'a citation of nothing',
      {
        functions: classification.functions.map((row) => ({ ...row, citation: { ...row.citation, instrument: 'X' } })),
      },
    ],
    [
      'a row that ends before it begins',
      { functions: classification.functions.map((row) => ({ ...row, until: row.from })) },
    ],
    [
      'a period of no length',
      {
        retention: classification.retention.map(({ id, title, countedFrom, citation, confidence, status, from }) => ({
          id,
          title,
          countedFrom,
          citation,
          confidence,
          status,
          from,
        })),
      },
    ],
  ])('%s', (_, change) => {
    expect(binding(change)).toThrow('broken invariant');
  });
});
