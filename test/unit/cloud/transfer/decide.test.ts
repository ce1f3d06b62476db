import { describe, expect, test } from 'vitest';
import { SHIPPED_RULES } from '../../../../cloud/rules/shipped-rules.ts';
import { decide } from '../../../../cloud/transfer/decide.ts';
import { factsDigest } from '../../../../cloud/transfer/digest.ts';
import type { FactsInput } from '../../../../cloud/transfer/facts.ts';
import type { Permit, Withhold } from '../../../../cloud/transfer/verdict.ts';
import { DOCUMENTS, factsInput, PERSONAL_DOCUMENTS, transferFacts } from '../../../support/transfer-facts.ts';

// Which rules decide is in test/vectors/verdict; here is what else a verdict holds.

const { counts } = factsInput();
const persons = (projected: number): Partial<FactsInput> => ({
  counts: { ...counts, persons: { before: projected - 1, transfer: 1, projected } },
});

function permitted(changes: Partial<FactsInput>): Permit {
  const verdict = decide(transferFacts(changes), SHIPPED_RULES);
  if (verdict.decision !== 'permit') throw new Error(JSON.stringify(verdict.missing));
  return verdict;
}

function withheld(changes: Partial<FactsInput>): Withhold {
  const verdict = decide(transferFacts(changes), SHIPPED_RULES);
  if (verdict.decision !== 'withhold') throw new Error('permitted');
  return verdict;
}

describe('a permit', () => {
  test('names what it rests on, and until when', () => {
    const verdict = permitted({});
    expect(verdict.reliedOn.map(({ demand, id }) => [demand, id])).toEqual([
      ['pipia', 'P-1'],
      ['separate-consent', 'C-1'],
      ['notice', 'N-1'],
    ]);
    expect(verdict.standsUntil).toBe('2026-11-23');
    expect(permitted({ on: '2026-11-23' }).standsUntil).toBe('2027-01-01');
  });

  test('stands no longer than the first of its documents', () => {
    const notice = { ...DOCUMENTS.notice, validUntil: '2026-12-05' };
    const onFile = [notice, DOCUMENTS['separate-consent'], DOCUMENTS.pipia];
    const verdict = permitted({ on: '2026-11-23', onFile });
    expect(verdict.standsUntil).toBe('2026-12-05');
  });

  test('stands no longer than the rules of its day', () => {
    expect(permitted({ on: '2026-06-30' }).standsUntil).toBe('2026-07-01');
  });

  test('rests on the lightest mechanism that serves, and on the document that lasts longest', () => {
    const long = { ...DOCUMENTS['standard-contract'], id: 'SC-2', validUntil: '2030-01-01' };
    const onFile = [...PERSONAL_DOCUMENTS, DOCUMENTS['security-assessment'], DOCUMENTS['standard-contract'], long];
    const verdict = permitted({ ...persons(100_000), onFile });
    expect(verdict.under).toBe('standard-contract');
    expect(verdict.reliedOn[0]).toEqual({
      demand: 'contract-or-certification',
      kind: 'standard-contract',
      id: 'SC-2',
      until: '2030-01-01',
    });
  });

  test('names a document once, though two rules want it', () => {
    const dataset = { ...factsInput().dataset, geographic: 'present' as const };
    const verdict = permitted({ dataset, onFile: [...PERSONAL_DOCUMENTS, DOCUMENTS['map-review']] });
    expect(verdict.reliedOn.filter(({ id }) => id === 'GS-1')).toHaveLength(1);
    expect(verdict.rules.filter(({ demand }) => demand === 'geographic-clearance')).toHaveLength(2);
  });
});

describe('a withheld transfer', () => {
  test('tells which documents were considered and why they do not count', () => {
    const { missing } = withheld({
      ...persons(100_000),
      onFile: [...PERSONAL_DOCUMENTS, { ...DOCUMENTS['standard-contract'], validUntil: '2026-06-01' }],
    });
    expect(missing).toHaveLength(1);
    expect(missing[0].considered).toEqual([
      { id: 'SC-1', kind: 'standard-contract', problems: [{ en: 'lapsed on 2026-06-01', zh: '已于 2026-06-01 失效' }] },
    ]);
  });

  test('does not offer a contract where an assessment is due', () => {
    const { missing } = withheld({
      ...persons(1_000_000),
      onFile: [...PERSONAL_DOCUMENTS, DOCUMENTS['standard-contract']],
    });
    expect(missing.map(({ what, considered }) => [what, considered])).toEqual([['security-assessment', []]]);
  });

  test('lists a document once with every rule that wants it', () => {
    const dataset = { ...factsInput().dataset, geographic: 'present' as const };
    const { missing } = withheld({ dataset });
    expect(missing.map(({ what, rules }) => [what, rules])).toEqual([['geographic-clearance', ['GEO-7', 'GEO-8']]]);
  });

  test('lists an unknown fact once with the rules of every concern that wants it', () => {
    const dataset = { ...factsInput().dataset, personal: 'unknown' as const };
    const { missing } = withheld({ dataset });
    const asked = missing.filter(({ what }) => what === 'fact:dataset.personal');
    expect(asked).toHaveLength(1);
    expect(asked[0]?.rules).toEqual(expect.arrayContaining(['EX-5', 'PIPIA-1', 'PIPL-39.notice']));
  });

  test('gives each ban its own remedy', () => {
    const dataset = { ...factsInput().dataset, core: 'present' as const };
    const { missing, because } = withheld({ dataset, manner: 'vehicle-direct' });
    expect(because).toBe('never-exportable');
    expect(new Set(missing.map(({ remedy }) => remedy.en)).size).toBe(2);
  });

  test('every text is in both languages', () => {
    const { rules, missing, notes } = withheld({
      ...persons(100_001),
      onFile: [],
      claimedExemptions: [5, 7],
      manner: 'unknown',
    });
    const texts = [
      ...rules.map(({ reason }) => reason),
      ...missing.flatMap(({ title, remedy }) => [title, remedy]),
      ...notes.map(({ text }) => text),
    ];
    expect(texts.length).toBeGreaterThan(10);
    for (const { en, zh } of texts) {
      expect(en).toMatch(/[a-z]/);
      expect(zh).toMatch(/\p{Script=Han}/u);
    }
  });
});

describe('the digests of a verdict', () => {
  test('are those of the facts and of the rules of the day', () => {
    const facts = transferFacts();
    const verdict = decide(facts, SHIPPED_RULES);
    expect(verdict.factsDigest).toBe(factsDigest(facts));
    expect(verdict.rulesDigest).toMatch(/^[0-9a-f]{64}$/);
    expect(decide(transferFacts({ on: '2026-06-30' }), SHIPPED_RULES).rulesDigest).not.toBe(verdict.rulesDigest);
  });
});
