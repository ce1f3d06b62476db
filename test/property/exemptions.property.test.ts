import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readOperatorLaw } from '../../cloud/rules/operator-file.ts';
import { SHIPPED_PARTS } from '../../cloud/rules/shipped-rules.ts';
import { decide } from '../../cloud/transfer/decide.ts';
import { type FactsInput, parseFacts } from '../../cloud/transfer/facts.ts';

type Json = Record<string, unknown>;

const cast = JSON.parse(readFileSync(new URL('../vectors/verdict/cast.json', import.meta.url), 'utf8'));
const law = readOperatorLaw(JSON.stringify(cast.operators.beijing), SHIPPED_PARTS);
if (!law.ok) throw new Error('the file of the vectors has a fault');
const book = law.value.law.verdicts;

/** A claim that clears: exemption, facts and evidence from the cast of the vectors. */
const claims = ([1, 2, 3, 4, 6, 7, 8, 9] as const).map((number) => {
  const base: Json = structuredClone(cast.bases[number === 9 ? 'files' : 'exempt']);
  const documents = ['notice', 'separate-consent', 'pipia', `evidence-${number}`].map((name) => cast.documents[name]);
  return { number, facts: { ...base, claimedExemptions: [number], onFile: documents } as unknown as FactsInput };
});

const decisionOf = (facts: unknown) => {
  const parsed = parseFacts(facts);
  return parsed.ok ? decide(parsed.value, book).decision : 'faulty';
};
const evidenceOf = (facts: FactsInput): Json => facts.onFile.at(-1) as unknown as Json;
const withEvidence = (facts: FactsInput, change: Json): unknown => ({
  ...facts,
  onFile: [...facts.onFile.slice(0, -1), { ...evidenceOf(facts), ...change }],
});

describe.each(claims)('exemption ($number)', ({ facts }) => {
  test('clears as it stands', () => {
    expect(decisionOf(facts)).toBe('permit');
  });

  test('nothing of its evidence made unknown clears where it mattered, and none of it clears more', () => {
    const checked = Object.entries(evidenceOf(facts)).filter(([, value]) =>
      [
        'yes',
        'every-field',
        'foreign-only',
        'signed',
        'lawful',
        'all-outside',
        'NVDB-CAVD',
        'filed',
        'recall',
        'life',
        'larger',
      ].includes(String(value)),
    );
    for (const [key] of checked) expect(decisionOf(withEvidence(facts, { [key]: 'unknown' }))).toBe('withhold');
  });

  test('evidence for another transfer, of another day or of other content never clears', () => {
    const other = fc.oneof(
      fc.constantFrom<Json>({ recipients: [] }, { datasets: ['other'] }, { purposes: [] }),
      fc.constantFrom<Json>({ validUntil: '2026-11-23' }, { validFrom: '2026-11-24' }),
    );
    fc.assert(
      fc.property(other, (change) => decisionOf(withEvidence(facts, change)) === 'withhold'),
      { numRuns: 20 },
    );
  });

  test('important data is not rescued, nor what may be important, core or secret', () => {
    const grave = fc.constantFrom<Json>(
      { important: 'present' },
      { important: 'unknown' },
      { important: 'own-catalogue-only' },
      { core: 'unknown' },
      { stateSecret: 'present' },
    );
    fc.assert(
      fc.property(grave, (change) => decisionOf({ ...facts, dataset: { ...facts.dataset, ...change } }) === 'withhold'),
      { numRuns: 20 },
    );
  });
});

describe('content and time', () => {
  const byContent = claims.filter(({ number }) => [1, 7, 8, 9].includes(number));

  test.each(byContent)('without a hash of the content, or with another, ($number) withholds', ({ facts }) => {
    const { sha256: _, ...unhashed } = facts.dataset;
    expect(decisionOf({ ...facts, dataset: unhashed })).toBe('withhold');
    const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 });
    const known = new Set([facts.dataset.sha256, 'b'.repeat(64)]);
    fc.assert(
      fc.property(
        hex.filter((hash) => !known.has(hash)),
        (hash) => decisionOf({ ...facts, dataset: { ...facts.dataset, sha256: hash } }) === 'withhold',
      ),
      { numRuns: 20 },
    );
  });

  test('without the instant of the transfer, a report of the same day is not before it', () => {
    const [seventh] = claims.filter(({ number }) => number === 7);
    if (seventh === undefined) throw new Error('there is a claim of (7)');
    const { at: _, ...untimed } = seventh.facts;
    expect(decisionOf(untimed)).toBe('withhold');
    expect(decisionOf(withEvidence(untimed as FactsInput, { reportedAt: '2026-11-22T15:59:59Z' }))).toBe('permit');
    // 16:00Z is midnight in Shanghai.
    expect(decisionOf(withEvidence(untimed as FactsInput, { reportedAt: '2026-11-22T16:00:00Z' }))).toBe('withhold');
  });

  test('an instant of another day contradicts the facts', () => {
    const [one] = claims;
    if (one === undefined) throw new Error('there are claims');
    expect(decisionOf({ ...one.facts, at: '2026-11-23T16:00:00Z' })).toBe('faulty');
    expect(decisionOf({ ...one.facts, at: '2026-02-30T00:00:00Z' })).toBe('faulty');
  });
});
