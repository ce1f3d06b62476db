import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type EvidenceLeaf, verifyEvidence } from '../../../../cloud/audit/verify-evidence.ts';
import { readOperatorLaw } from '../../../../cloud/rules/operator-file.ts';
import { SHIPPED_PARTS, SHIPPED_RULES } from '../../../../cloud/rules/shipped-rules.ts';
import { decide } from '../../../../cloud/transfer/decide.ts';
import type { RuleBook } from '../../../../cloud/transfer/rule-book.ts';
import { factsInput, transferFacts } from '../../../support/transfer-facts.ts';

const example = readFileSync(new URL('../../../../docs/examples/rules-operator.yaml', import.meta.url), 'utf8');
const own = readOperatorLaw(example, SHIPPED_PARTS);
if (!own.ok) throw new Error('the example has a fault');
const OWN = own.value.law.verdicts;
const keys = { permitKey: generateKeyPairSync('ed25519').publicKey, recipientKeys: new Map() };

/** The entry of a verdict on a day, given under a book. */
function verdictOn(on: string, book: RuleBook, change: object = {}): EvidenceLeaf {
  const facts = { ...factsInput(), on };
  const verdict = { ...decide(transferFacts({ on }), book), ...change };
  const document = Buffer.from(JSON.stringify({ facts, verdict, manifestSha256: null }));
  return {
    index: 0,
    hash: new Uint8Array(32),
    leaf: { recordedAtMs: 0, kind: 'verdict', transferId: 't-1', actor: 'a', document },
  };
}

const findings = (leaf: EvidenceLeaf, books: readonly RuleBook[]) =>
  verifyEvidence([leaf], [], keys, books).findings.map(({ finding }) => finding);

describe('a verdict is derived again by the rows it was given under', () => {
  test('shipped or an operator’s, whichever its digest names', () => {
    const books = [SHIPPED_RULES, OWN];
    expect(findings(verdictOn('2026-12-02', SHIPPED_RULES), books)).toEqual([]);
    expect(findings(verdictOn('2026-12-02', OWN), books)).toEqual([]);
    expect(findings(verdictOn('2026-06-01', OWN), [SHIPPED_RULES])).toEqual([]);
  });

  test('by rows that nobody kept it cannot be, and that is said', () => {
    expect(findings(verdictOn('2026-12-02', OWN), [SHIPPED_RULES])).toEqual(['rules-unknown']);
    expect(findings(verdictOn('2026-12-02', SHIPPED_RULES, { rulesDigest: '00' }), [SHIPPED_RULES, OWN])).toEqual([
      'rules-unknown',
    ]);
  });

  test('one that says something else differs', () => {
    expect(findings(verdictOn('2026-12-02', SHIPPED_RULES, { route: 'free-flow' }), [SHIPPED_RULES])).toEqual([
      'verdict-differs',
    ]);
  });
});
