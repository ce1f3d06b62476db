import { describe, expect, test } from 'vitest';
import { SHIPPED_RULES } from '../../../../cloud/rules/shipped-rules.ts';
import type { FactsInput } from '../../../../cloud/transfer/facts.ts';
import { positionsOf } from '../../../../cloud/transfer/legal-facts.ts';
import { type Bench, demandRow, meetDemand } from '../../../../cloud/transfer/meet-demand.ts';
import { rulesOn } from '../../../../cloud/transfer/rule-book.ts';
import { DOCUMENTS, transferFacts } from '../../../support/transfer-facts.ts';

function bench(...onFile: FactsInput['onFile']): Bench {
  const facts = transferFacts({ onFile });
  return { facts, law: rulesOn(SHIPPED_RULES, facts.on), positions: positionsOf(facts) };
}

const { 'standard-contract': contract, certification, 'security-assessment': assessment } = DOCUMENTS;

describe('meeting a demand', () => {
  test('nothing is met by nothing', () => {
    expect(meetDemand('nothing', bench())).toEqual({ met: true });
  });

  test.each(['never', 'registered-recipient', 'exemption-evidence', 'rule-in-force'] as const)(
    'no document meets `%s`',
    (demand) => {
      expect(meetDemand(demand, bench(...Object.values(DOCUMENTS)))).toEqual({ met: false, considered: [] });
    },
  );

  test('an assessment meets the lighter demand, and a contract not the heavier one', () => {
    expect(meetDemand('contract-or-certification', bench(assessment))).toMatchObject({ met: true });
    expect(meetDemand('security-assessment', bench(contract, certification))).toEqual({ met: false, considered: [] });
  });

  test('the lightest kind is relied on, whatever the order', () => {
    for (const onFile of [
      [assessment, certification, contract],
      [contract, certification, assessment],
    ]) {
      expect(meetDemand('contract-or-certification', bench(...onFile))).toMatchObject({ reliance: { id: 'SC-1' } });
    }
  });

  test('of one kind the document that lasts longest, then the first by id', () => {
    const long = { ...contract, id: 'SC-9', validUntil: '2030-01-01' };
    const twin = { ...contract, id: 'SC-0' };
    expect(meetDemand('contract-or-certification', bench(contract, long))).toMatchObject({ reliance: { id: 'SC-9' } });
    expect(meetDemand('contract-or-certification', bench(contract, twin))).toMatchObject({ reliance: { id: 'SC-0' } });
  });

  test('a demand without a row is a bug', () => {
    expect(() => demandRow('pipia', { ...bench().law, demands: [] })).toThrow('has a row');
  });
});
