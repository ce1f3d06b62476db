import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SHIPPED_RULES } from '../../../../cloud/rules/shipped-rules.ts';
import { decide } from '../../../../cloud/transfer/decide.ts';
import { ON_FILE_KINDS } from '../../../../cloud/transfer/facts.ts';
import { SET_ASIDE } from '../../../../cloud/transfer/facts-entries.ts';
import { DOCUMENTS, transferFacts } from '../../../support/transfer-facts.ts';

const aside = fc.record({
  kind: fc.constantFrom(...ON_FILE_KINDS),
  id: fc.constant('x/1'),
  why: fc.constantFrom(...SET_ASIDE),
});

test('what is set aside decides nothing, and is named once its kind is missing', () => {
  fc.assert(
    fc.property(fc.array(aside, { maxLength: 6 }), fc.subarray(Object.values(DOCUMENTS)), (setAside, onFile) => {
      const [bare, told] = [transferFacts({ onFile }), transferFacts({ onFile, setAside })].map((facts) =>
        decide(facts, SHIPPED_RULES),
      );
      const ruled = (verdict: typeof bare) => [verdict?.decision, verdict?.route, verdict?.rules];
      expect(ruled(told)).toEqual(ruled(bare));
      const named = told?.missing.flatMap(({ considered }) => considered.filter(({ id }) => id === 'x/1')) ?? [];
      for (const { problems } of named) expect(problems[0].en.length * problems[0].zh.length).toBeGreaterThan(0);
      const missed = new Set(bare?.missing.map(({ what }) => what));
      expect(named.some(({ kind }) => kind === 'notice')).toBe(
        missed.has('notice') && setAside.some(({ kind }) => kind === 'notice'),
      );
    }),
    { numRuns: 60 },
  );
});
