import { describe, expect, test } from 'vitest';
import { SHIPPED_RULES } from '../../../../cloud/rules/shipped-rules.ts';
import { decide } from '../../../../cloud/transfer/decide.ts';
import { cite, explain, textsCited } from '../../../../cloud/transfer/explain.ts';
import { DOCUMENTS, factsInput, transferFacts } from '../../../support/transfer-facts.ts';

const { counts, dataset } = factsInput();
const many = { ...counts, persons: { before: 99_999, transfer: 1, projected: 100_000 } };

const permit = decide(transferFacts(), SHIPPED_RULES);
const withheld = decide(
  transferFacts({
    counts: many,
    onFile: [DOCUMENTS.pipia, { ...DOCUMENTS['standard-contract'], recipients: ['other'] }],
    manner: 'unknown',
    signOffs: [{ id: 'LEGAL-7', reading: 'D4', on: '2026-11-01', by: 'counsel' }],
  }),
  SHIPPED_RULES,
);
const lines = (...args: Parameters<typeof explain>) => explain(...args).join('\n');

describe('a verdict in words', () => {
  test('a permit says under what, on which documents and for how long', () => {
    const text = lines(permit, 'en');
    expect(text).toMatch(/^PERMIT: exemption \(5\)/);
    expect(text).toContain('rests on `P-1` (pipia), until 2029-01-01');
    expect(text).toContain('to be decided anew from 2026-11-23');
    expect(text).not.toContain('What is missing');
  });

  test.each(['en', 'zh'] as const)(
    'in %s a withheld transfer tells every rule, article, remedy, reading and digest',
    (language) => {
      const text = lines(withheld, language);
      for (const { id, citation, reason } of withheld.rules) {
        expect(text).toContain(id);
        expect(text).toContain(cite(citation, language));
        expect(text).toContain(reason[language]);
      }
      for (const { title, remedy, considered } of withheld.missing) {
        expect(text).toContain(title[language]);
        expect(text).toContain(remedy[language]);
        for (const { problems } of considered) expect(text).toContain(problems[0][language]);
      }
      for (const { text: note, otherReading } of withheld.notes) {
        expect(text).toContain(note[language]);
        if (otherReading !== undefined) expect(text).toContain(otherReading[language]);
      }
      expect(text).toContain('LEGAL-7');
      expect(text).toContain(withheld.factsDigest);
      expect(text).toContain(withheld.rulesDigest);
    },
  );

  test('the headline names the cause and the route', () => {
    expect(explain(withheld, 'en')[0]).toBe(
      'WITHHOLD: a fact that decides is unknown (route: standard contract or certification)',
    );
    expect(explain(withheld, 'zh')[0]).toBe('暂不出境: 关键事实不明 (路径: 个人信息出境标准合同或认证)');
    const core = decide(transferFacts({ dataset: { ...dataset, core: 'present' } }), SHIPPED_RULES);
    expect(explain(core, 'en')[0]).toContain('can never be cleared');
  });

  test('a rule that could not be answered says so', () => {
    expect(lines(withheld, 'en')).toContain('GB44495-7.4.7 [cannot be answered]');
    expect(lines(withheld, 'zh')).toContain('GB44495-7.4.7 [无法判断]');
  });

  test('Chinese is Chinese: no line of words is left in English', () => {
    const english = explain(withheld, 'zh').filter((line) => /[a-z]{3,} [a-z]{3,} [a-z]{3,}/.test(line));
    expect(english).toEqual([]);
  });

  test('every text cited is named once with its number', () => {
    const named = textsCited(
      withheld.rules.map(({ citation }) => citation),
      'en',
    );
    expect(named.some((line) => line.includes('PIPL') && line.includes('主席令第91号'))).toBe(true);
    expect(new Set(named).size).toBe(named.length);
  });
});
