import { describe, expect, test } from 'vitest';
import { positionsOf } from '../../../../cloud/transfer/legal-facts.ts';
import type { Test } from '../../../../cloud/transfer/rule.ts';
import { standsUnder, weigh } from '../../../../cloud/transfer/weigh.ts';
import { factsInput, transferFacts } from '../../../support/transfer-facts.ts';

const facts = transferFacts();
const positions = positionsOf(facts);
const outcome = (...tests: Test[]) => weigh(tests, facts, positions).outcome;

const holds: Test = { fact: 'ciio', is: 'no' };
const fails: Test = { fact: 'ciio', is: 'yes' };
const persons = (count: number) =>
  transferFacts({ counts: { ...factsInput().counts, persons: { before: count, transfer: 1, projected: count } } });

describe('conditions', () => {
  test('a fact is what it is, or one of several', () => {
    expect(outcome(holds)).toBe('holds');
    expect(outcome(fails)).toBe('fails');
    expect(outcome({ fact: 'recipientCountry', in: ['HK', 'DE'] })).toBe('holds');
    expect(outcome({ fact: 'recipientCountry', in: ['HK', 'MO'] })).toBe('fails');
  });

  test('no condition holds always', () => {
    expect(outcome()).toBe('holds');
  });

  test('conditions are joined by "and", and one that fails settles what is unknown', () => {
    const open = transferFacts({ manner: 'unknown', processor: { ...factsInput().processor, ciio: 'unknown' } });
    const direct: Test = { fact: 'manner', is: 'vehicle-direct' };
    const personal: Test = { fact: 'personal', is: 'present' };
    const impersonal: Test = { fact: 'personal', is: 'absent' };
    expect(weigh([direct, personal], open, positions)).toEqual({ outcome: 'unknown', paths: ['manner'] });
    expect(weigh([direct, holds], open, positions)).toEqual({
      outcome: 'unknown',
      paths: ['manner', 'processor.ciio'],
    });
    expect(weigh([direct, impersonal], open, positions)).toEqual({ outcome: 'fails' });
  });

  test('a fact that two conditions want is named once', () => {
    const open = transferFacts({ dataset: { ...factsInput().dataset, personal: 'unknown' } });
    const both: Test[] = [
      { fact: 'personal', is: 'present' },
      { fact: 'persons', atLeast: 1 },
    ];
    expect(weigh(both, open, positions)).toEqual({ outcome: 'unknown', paths: ['dataset.personal'] });
  });

  test.each<[Test, number, string]>([
    [{ fact: 'persons', atLeast: 100 }, 99, 'fails'],
    [{ fact: 'persons', atLeast: 100 }, 100, 'holds'],
    [{ fact: 'persons', below: 100 }, 99, 'holds'],
    [{ fact: 'persons', below: 100 }, 100, 'fails'],
    [{ fact: 'persons', over: 100 }, 100, 'fails'],
    [{ fact: 'persons', over: 100 }, 101, 'holds'],
    [{ fact: 'persons', atLeast: 100, below: 200 }, 200, 'fails'],
    [{ fact: 'persons', atLeast: 100, below: 200 }, 199, 'holds'],
  ])('%j with %i persons %s', (test_, count, expected) => {
    expect(weigh([test_], persons(count), positions).outcome).toBe(expected);
  });

  test('claims and documents are there or not', () => {
    const claiming = transferFacts({ claimedExemptions: [7] });
    expect(weigh([{ fact: 'claimedExemption', is: 7 }], claiming, positions).outcome).toBe('holds');
    expect(weigh([{ fact: 'claimedExemption', is: 8 }], claiming, positions).outcome).toBe('fails');
    expect(outcome({ fact: 'onFile', is: 'pipia' })).toBe('holds');
    expect(outcome({ fact: 'onFile', is: 'certification' })).toBe('fails');
  });

  test('a row under a reading stands only in its position', () => {
    const signed = positionsOf(
      transferFacts({ signOffs: [{ id: 'L-1', reading: 'D9', on: '2026-11-01', by: 'counsel' }] }),
    );
    expect(standsUnder(undefined, positions)).toBe(true);
    expect(standsUnder({ id: 'D9', position: 'other' }, positions)).toBe(false);
    expect(standsUnder({ id: 'D9', position: 'other' }, signed)).toBe(true);
    expect(standsUnder({ id: 'D9', position: 'taken' }, signed)).toBe(false);
    expect(standsUnder({ id: 'D2', position: 'taken' }, signed)).toBe(true);
  });
});
