import { describe, expect, test } from 'vitest';
import { SHIPPED_RULES } from '../../../../cloud/rules/shipped-rules.ts';
import type { FactsInput } from '../../../../cloud/transfer/facts.ts';
import { positionsOf } from '../../../../cloud/transfer/legal-facts.ts';
import { standingOf } from '../../../../cloud/transfer/on-file.ts';
import { rulesOn } from '../../../../cloud/transfer/rule-book.ts';
import { DOCUMENTS, factsInput, transferFacts } from '../../../support/transfer-facts.ts';

type Entry = FactsInput['onFile'][number];

/** Until when the only document on file counts, or what is wrong with it, in English. */
function standing(entry: Entry, changes: Partial<FactsInput> = {}): string | readonly string[] {
  const facts = transferFacts({ ...changes, onFile: [entry, ...(changes.onFile ?? [])] });
  const [document] = facts.onFile;
  if (document === undefined) throw new Error('one document is on file');
  const found = standingOf(document, facts, rulesOn(SHIPPED_RULES, facts.on), positionsOf(facts));
  return found.counts ? found.until : found.problems.map(({ en }) => en);
}

const contract = DOCUMENTS['standard-contract'];
const assessment = DOCUMENTS['security-assessment'];

describe('a document on file', () => {
  test('in order counts until its own end', () => {
    expect(standing(DOCUMENTS.notice)).toBe('2029-01-01');
    expect(standing(contract)).toBe('2029-01-01');
  });

  test('tells all that is wrong with it', () => {
    const entry = {
      ...DOCUMENTS.pipia,
      validUntil: '2026-11-21',
      recipients: ['other'],
      datasets: [],
      purposes: ['other'],
    };
    expect(standing(entry)).toEqual([
      'lapsed on 2026-11-21',
      'does not cover the dataset `battery-statistics`',
      'does not cover the purpose `warranty-analysis`',
      'does not cover the recipient `acme-de`',
    ]);
  });

  test('not yet in effect', () => {
    expect(standing({ ...DOCUMENTS.notice, validFrom: '2026-11-22' })).toEqual(['not in effect before 2026-11-22']);
  });

  test('an assessment counts for three years at the most', () => {
    expect(standing({ ...assessment, validUntil: '2035-01-01' })).toBe('2029-01-01');
    expect(standing({ ...assessment, validUntil: '2028-01-01' })).toBe('2028-01-01');
  });

  test('an assessment of unknown persons cannot be compared with its scale', () => {
    const { counts } = factsInput();
    expect(standing(assessment, { counts: { ...counts, persons: 'unknown' } })).toEqual([
      'its scale cannot be compared: persons unknown',
    ]);
  });

  test('a certificate counts while its status is fresh', () => {
    expect(standing(DOCUMENTS.certification)).toBe('2026-11-28');
  });

  test('an unfiled contract counts until the day after its filing is due', () => {
    const unfiled = { ...contract, validFrom: '2026-11-16', filing: { state: 'not-filed' as const } };
    expect(standing(unfiled)).toBe('2026-12-01');
  });

  test('an unfiled contract of which the last day cannot be counted counts for its sure days only', () => {
    const unfiled = { ...contract, validFrom: '2026-12-28', filing: { state: 'not-filed' as const } };
    expect(standing(unfiled, { on: '2026-12-28' })).toBe('2027-01-08');
  });

  test('geographic data has to be cleared before the assessment is applied for, and unknown counts as geographic', () => {
    const dataset = { ...factsInput().dataset, geographic: 'unknown' as const };
    expect(standing(assessment, { dataset })).toEqual(['applied for before the geographic data had been cleared']);
    expect(standing(assessment, { dataset, onFile: [DOCUMENTS['map-review']] })).toBe('2029-01-01');
  });

  test('a clearance of another dataset does not show the order', () => {
    const dataset = { ...factsInput().dataset, geographic: 'present' as const };
    const other = { ...DOCUMENTS['map-review'], datasets: ['another'] };
    expect(standing(assessment, { dataset, onFile: [other] })).toEqual([
      'applied for before the geographic data had been cleared',
    ]);
  });

  test.each([
    [{ state: 'refused' as const }, 'its filing was refused'],
    [{ state: 'unknown' as const }, 'whether it has been filed is unknown'],
    [{ state: 'not-filed' as const }, 'its filing was due by 2026-01-15'],
    [{ state: 'filed' as const, on: '2026-01-16', number: 'F' }, 'filed on 2026-01-16, after the last day 2026-01-15'],
  ])('a contract whose filing is %j does not count, and says why', (filing, problem) => {
    expect(standing({ ...contract, filing })).toEqual([problem]);
  });

  test('a condition set for a kind that cannot have it is not met', () => {
    const facts = transferFacts();
    const law = rulesOn(SHIPPED_RULES, facts.on);
    const [row] = law.onFile.filter(({ id }) => id === 'CERT-2');
    const [notice] = facts.onFile;
    if (row === undefined || notice === undefined) throw new Error('the row and the notice are there');
    for (const requires of [
      row.requires,
      { check: 'scale' },
      { check: 'filed-first' },
      { check: 'after-geographic-clearance' },
    ] as const) {
      const misplaced = { ...law, onFile: [{ ...row, kind: notice.kind, requires }] };
      expect(standingOf(notice, facts, misplaced, positionsOf(facts)).counts).toBe(false);
    }
  });
});
