import { describe, expect, test } from 'vitest';
import { SHIPPED_RULES } from '../../../../cloud/rules/shipped-rules.ts';
import { weighConcern } from '../../../../cloud/transfer/concern.ts';
import type { FactsInput } from '../../../../cloud/transfer/facts.ts';
import { positionsOf } from '../../../../cloud/transfer/legal-facts.ts';
import type { Concern } from '../../../../cloud/transfer/rule.ts';
import { rulesOn } from '../../../../cloud/transfer/rule-book.ts';
import { DOCUMENTS, factsInput, transferFacts } from '../../../support/transfer-facts.ts';

function weighed(concern: Concern, changes: Partial<FactsInput> = {}) {
  const facts = transferFacts(changes);
  return weighConcern(concern, { facts, law: rulesOn(SHIPPED_RULES, facts.on), positions: positionsOf(facts) });
}

const { counts, dataset } = factsInput();
const persons = (projected: number) => ({
  counts: { ...counts, persons: { before: projected - 1, transfer: 1, projected } },
});

describe('one concern', () => {
  test('no rule of it applies: it permits and says nothing', () => {
    expect(weighed('geography')).toEqual({ permits: true, rules: [], reliedOn: [], settled: [] });
  });

  test('every demand of it has to be met', () => {
    const located = { ...dataset, geographic: 'present' as const, coordinates: 'present' as const };
    const one = weighed('geography', { dataset: located, onFile: [DOCUMENTS['map-review']] });
    const both = weighed('geography', {
      dataset: located,
      onFile: [DOCUMENTS['map-review'], DOCUMENTS['state-recognised-processing']],
    });
    expect(one).toMatchObject({ permits: false, rules: [{ id: 'GEO-9' }] });
    expect(both).toMatchObject({ permits: true, rules: [{ id: 'GEO-7' }, { id: 'GEO-8' }, { id: 'GEO-9' }] });
  });

  test('of the route only the strictest demand that holds is weighed', () => {
    const ciio = { processor: { ...factsInput().processor, ciio: 'yes' as const } };
    expect(weighed('route', { ...persons(200_000), ...ciio })).toMatchObject({
      permits: false,
      rules: [{ id: 'G26-I.3.A4' }],
    });
  });

  test('a rule that cannot be answered withholds, though the rule that holds is met', () => {
    const open = { ...dataset, important: 'unknown' as const };
    const finding = weighed('route', { ...persons(100_000), dataset: open, onFile: [DOCUMENTS['standard-contract']] });
    expect(finding).toMatchObject({
      permits: false,
      causes: ['fact-unknown'],
      rules: [{ id: 'G26-I.3.A1', outcome: 'unknown' }],
      settled: [],
    });
  });

  test('the route without any rule is decided by the rule of last resort', () => {
    expect(weighed('route', { on: '2026-02-02' })).toMatchObject({
      permits: false,
      causes: ['no-rule-in-force'],
      rules: [{ id: 'TG-SILENCE' }],
    });
  });
});
