import { describe, expect, test } from 'vitest';
import { type FactsInput, parseFacts } from '../../../../cloud/transfer/facts.ts';
import { DAY_MAX, DAY_MIN, ON_FILE_MAX, PERSONS_MAX, SCOPE_MAX } from '../../../../cloud/transfer/facts-entries.ts';
import { DOCUMENTS, factsInput } from '../../../support/transfer-facts.ts';

type Loose = Record<string, unknown>;

/** `path: problem` of every fault, in English. */
function faultsOf(value: unknown): readonly string[] {
  const parsed = parseFacts(value);
  return parsed.ok ? [] : parsed.fault.map(({ code, problem }) => `${code} ${problem.en}`);
}

function without(key: string): Loose {
  const { [key]: _, ...rest } = factsInput() as unknown as Loose;
  return rest;
}

describe('facts of one transfer', () => {
  test('whole facts are facts, and nothing about them is changed', () => {
    const input = factsInput({ onFile: Object.values(DOCUMENTS) });
    const parsed = parseFacts(input);
    expect(parsed).toEqual({ ok: true, value: input });
  });

  test.each(Object.keys(factsInput()))('`%s` has no default', (key) => {
    expect(faultsOf(without(key))).toEqual([`FACTS_SHAPE \`${key}\` is missing`]);
  });

  test('a key that nobody knows is a fault, at every depth', () => {
    const { dataset } = factsInput();
    const value = { ...factsInput(), surprise: 1, dataset: { ...dataset, persnal: 'absent' } };
    expect(faultsOf(value)).toEqual([
      'FACTS_SHAPE `dataset.persnal` is not a key of a facts file',
      'FACTS_SHAPE `surprise` is not a key of a facts file',
    ]);
  });

  test('each mistake is a fault of its own, all at once, with a remedy in both languages', () => {
    const value = { ...factsInput(), facts: 2, on: '2026-02-30', manner: 'by post' };
    const parsed = parseFacts(value);
    expect(faultsOf(value)).toHaveLength(3);
    for (const fault of parsed.ok ? [] : parsed.fault) {
      expect(fault.problem.zh).toMatch(/\p{Script=Han}/u);
      expect(fault.remedy.zh).toMatch(/\p{Script=Han}/u);
      expect(fault.remedy.en).not.toBe('');
      expect(fault.retry).toBe('after-remedy');
    }
  });

  test.each([
    ['2026-02-30', 'is a date that does not exist'],
    ['2026-13-01', 'is a date that does not exist'],
    ['2026-2-3', 'is not a date'],
    ['2026-11-21T00:00:00Z', 'is not a date'],
    ['1999-12-31', 'is a date out of range'],
    ['2200-01-01', 'is a date out of range'],
  ])('`on: %s` %s', (on, problem) => {
    expect(faultsOf(factsInput({ on }))).toEqual([`FACTS_DATE \`on\` ${problem}`]);
  });

  test('the first and the last day that can be written', () => {
    const year = (on: string) =>
      factsInput({ on, onFile: [], counts: { ...factsInput().counts, year: Number(on.slice(0, 4)) } });
    expect(faultsOf(year(DAY_MIN))).toEqual([]);
    expect(faultsOf(year(DAY_MAX))).toEqual([]);
  });

  test('a leap day exists in leap years only', () => {
    const until = (validUntil: string): FactsInput['onFile'] => [{ ...DOCUMENTS.notice, validUntil }];
    expect(faultsOf(factsInput({ onFile: until('2028-02-29') }))).toEqual([]);
    expect(faultsOf(factsInput({ onFile: until('2027-02-29') }))).toEqual([
      'FACTS_DATE `onFile.0.validUntil` is a date that does not exist',
    ]);
  });

  test('numbers are whole, not negative and limited', () => {
    const persons = (before: unknown) =>
      faultsOf({
        ...factsInput(),
        counts: { ...factsInput().counts, persons: { before, transfer: 1, projected: PERSONS_MAX } },
      });
    expect(persons(PERSONS_MAX)).toEqual([]);
    expect(persons(PERSONS_MAX + 1)).toEqual([
      `FACTS_SHAPE \`counts.persons.before\` is over its limit of ${PERSONS_MAX}`,
    ]);
    expect(persons(-1)).toEqual(['FACTS_SHAPE `counts.persons.before` is under its limit of 0']);
    expect(persons(1.5)).toEqual(['FACTS_SHAPE `counts.persons.before` must be of type int']);
    expect(persons('1')).toEqual(['FACTS_SHAPE `counts.persons.before` must be of type number']);
    expect(persons(Number.NaN)).toHaveLength(1);
  });

  test('counts are three numbers or `unknown`', () => {
    const counts = (persons: unknown) => faultsOf({ ...factsInput(), counts: { ...factsInput().counts, persons } });
    expect(counts('unknown')).toEqual([]);
    expect(counts('none')).toEqual(['FACTS_SHAPE `counts.persons` has none of the forms it may have']);
    expect(counts({ before: 1, transfer: 1 })).toEqual(['FACTS_SHAPE `counts.persons.projected` is missing']);
  });

  test('the conditions of a document belong to its kind', () => {
    const { filing: _, ...unfiled } = DOCUMENTS['standard-contract'];
    expect(faultsOf({ ...factsInput(), onFile: [unfiled] })).toEqual(['FACTS_SHAPE `onFile.0.filing` is missing']);
    const filed = { ...DOCUMENTS.notice, filing: { state: 'not-filed' } };
    expect(faultsOf({ ...factsInput(), onFile: [filed] })).toEqual([
      'FACTS_SHAPE `onFile.0.filing` is not a key of a facts file',
    ]);
    const numberless = { ...DOCUMENTS['standard-contract'], filing: { state: 'filed', on: '2026-01-08' } };
    expect(faultsOf({ ...factsInput(), onFile: [numberless] })).toEqual([
      'FACTS_SHAPE `onFile.0.filing.number` is missing',
    ]);
  });

  test('lists have a limit', () => {
    const many = Array.from({ length: ON_FILE_MAX + 1 }, (_, index) => ({ ...DOCUMENTS.notice, id: `N-${index}` }));
    expect(faultsOf(factsInput({ onFile: many.slice(1) }))).toEqual([]);
    expect(faultsOf(factsInput({ onFile: many }))).toEqual([
      `FACTS_SHAPE \`onFile\` is over its limit of ${ON_FILE_MAX}`,
    ]);
  });

  test('scopes have a limit', () => {
    const scoped = (length: number) =>
      factsInput({ onFile: [{ ...DOCUMENTS.notice, recipients: Array.from({ length }, (_, index) => `r-${index}`) }] });
    expect(faultsOf(scoped(SCOPE_MAX))).toEqual([]);
    expect(faultsOf(scoped(SCOPE_MAX + 1))).toEqual([
      `FACTS_SHAPE \`onFile.0.recipients\` is over its limit of ${SCOPE_MAX}`,
    ]);
  });

  test.each([
    ['a line break', 'two\nlines'],
    ['a right-to-left override', 'safe\u202egnp'],
    ['a zero-width space', 'acme\u200b'],
    ['half a character', 'acme\ud800'],
    ['nothing at all', ''],
  ])('a title with %s is refused', (_, title) => {
    expect(faultsOf(factsInput({ dataset: { ...factsInput().dataset, title } }))).toHaveLength(1);
  });

  test('an id has no characters that a file name or a topic could not have', () => {
    for (const id of ['../etc', 'a b', '示例', '-x', 'x'.repeat(65)]) {
      expect(faultsOf(factsInput({ purpose: id }))).toHaveLength(1);
    }
    expect(faultsOf(factsInput({ purpose: 'x'.repeat(64), onFile: [] }))).toEqual([]);
  });

  test.each([[null], ['facts'], [[]], [42], [undefined]])('%j is no facts', (value) => {
    expect(faultsOf(value).length).toBeGreaterThan(0);
  });
});

describe('transfers that one is joined with', () => {
  const { id, title, ...classed } = factsInput().dataset;
  const joinedWith = (transfers: unknown): unknown => ({
    ...factsInput(),
    joined: { transfers, parts: 1, persons: 1, sensitivePersons: 0, dataset: classed, rises: [] },
  });
  const ids = (count: number) => Array.from({ length: count }, (_, at) => `t20261122-${at}`);

  test.each([[ids(1)], [ids(SCOPE_MAX)], [['A.b_c-9']]])('%#: are taken as they stand', (transfers) => {
    const facts = joinedWith(transfers);
    expect(parseFacts(facts)).toEqual({ ok: true, value: facts });
  });

  const sparse = ids(3);
  delete sparse[1];
  test.each([
    [[]],
    [ids(SCOPE_MAX + 1)],
    [['-t']],
    [['t', 7]],
    [['t'.repeat(65)]],
    [[...ids(2), 't 3']],
    [sparse],
    ['t'],
    [{ length: 1, 0: 't' }],
    [undefined],
  ])('%#: are refused where one is no id, or they are none or too many', (transfers) => {
    expect(faultsOf(joinedWith(transfers)).join()).toMatch(/`joined\.transfers/);
  });
});
