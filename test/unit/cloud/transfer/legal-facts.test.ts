import { describe, expect, test } from 'vitest';
import type { FactsInput } from '../../../../cloud/transfer/facts.ts';
import { amount, namedFact, personsInHand, positionsOf } from '../../../../cloud/transfer/legal-facts.ts';
import type { ReadingId } from '../../../../cloud/transfer/rule.ts';
import { factsInput, transferFacts } from '../../../support/transfer-facts.ts';

const base = factsInput();
const signed = (reading: ReadingId): Partial<FactsInput> => ({
  signOffs: [{ id: 'L-1', reading, on: '2026-11-01', by: 'counsel' }],
});
const yearWith = (sensitive: number): Partial<FactsInput> => ({
  counts: { ...base.counts, sensitivePersons: { before: sensitive, transfer: 0, projected: sensitive } },
});

function read(fact: Parameters<typeof amount>[0], changes: Partial<FactsInput>) {
  const facts = transferFacts(changes);
  return amount(fact, facts, positionsOf(facts));
}

describe('legal facts read off the facts', () => {
  test('readings stand as taken unless a sign-off switches them', () => {
    expect(positionsOf(transferFacts()).D2).toEqual({ position: 'taken' });
    expect(positionsOf(transferFacts(signed('D2'))).D2).toEqual({ position: 'other', signOff: 'L-1' });
    expect(positionsOf(transferFacts(signed('D2'))).D1).toEqual({ position: 'taken' });
  });

  test('the own catalogue makes important data, until counsel signs the other reading', () => {
    const own: Partial<FactsInput> = { dataset: { ...base.dataset, important: 'own-catalogue-only' } };
    const strict = transferFacts(own);
    const lenient = transferFacts({ ...own, ...signed('D1') });
    expect(namedFact('importantData', strict, positionsOf(strict))).toEqual({ known: true, value: 'present' });
    expect(namedFact('importantData', lenient, positionsOf(lenient))).toEqual({ known: true, value: 'absent' });
    expect(namedFact('importantByOwnCatalogueOnly', strict, positionsOf(strict))).toEqual({
      known: true,
      value: 'yes',
    });
  });

  test('amounts are projected: they take in the transfer in hand', () => {
    expect(read('persons', {})).toEqual({ known: true, value: 42_500 });
  });

  test("the year's sensitive persons count for every transfer, or by the other reading for sensitive ones", () => {
    expect(read('sensitivePersons', yearWith(7))).toEqual({ known: true, value: 7 });
    expect(read('sensitivePersons', { ...yearWith(7), ...signed('D2') })).toEqual({ known: true, value: 0 });
    expect(read('sensitivePersonsOfYear', { ...yearWith(7), ...signed('D2') })).toEqual({ known: true, value: 7 });
  });

  test('a count is no better known than the class that it counts', () => {
    const open = (key: 'personal' | 'sensitive') => ({ dataset: { ...base.dataset, [key]: 'unknown' as const } });
    expect(read('persons', open('personal'))).toEqual({ known: false, paths: ['dataset.personal'] });
    expect(read('sensitivePersons', open('sensitive'))).toEqual({ known: false, paths: ['dataset.sensitive'] });
    expect(read('sensitivePersons', { ...open('sensitive'), ...signed('D2') })).toEqual({
      known: false,
      paths: ['dataset.sensitive'],
    });
  });

  test('persons of either kind are the sum, an upper bound', () => {
    expect(read('personsOfEitherKind', yearWith(7))).toEqual({ known: true, value: 42_507 });
    expect(
      read('personsOfEitherKind', { counts: { year: 2026, persons: 'unknown', sensitivePersons: 'unknown' } }),
    ).toEqual({
      known: false,
      paths: ['counts.persons', 'counts.sensitivePersons'],
    });
  });

  test('persons in hand are those of the transfer, and none without personal information', () => {
    expect(personsInHand(transferFacts())).toEqual({ known: true, value: 5_000 });
    const none = transferFacts({
      dataset: { ...base.dataset, personal: 'absent' },
      counts: { year: 2026, persons: 'unknown', sensitivePersons: 'unknown' },
    });
    expect(personsInHand(none)).toEqual({ known: true, value: 0 });
  });
});
