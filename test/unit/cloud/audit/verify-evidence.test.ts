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
const keys = { permitKeys: [generateKeyPairSync('ed25519').publicKey], recipientKeys: new Map() };

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

const leafOf = (index: number, kind: string, document: object, transferId = '', actor = 'a'): EvidenceLeaf => ({
  index,
  hash: new Uint8Array(32),
  leaf: { recordedAtMs: 0, kind, transferId, actor, document: Buffer.from(JSON.stringify(document)) },
});

describe('connections of the traffic log', () => {
  const ofTraffic = (...leaves: readonly EvidenceLeaf[]) =>
    verifyEvidence([], leaves, keys, []).findings.map(({ finding }) => finding);
  const opened = (index: number, attempt = 0, transferId = '') =>
    leafOf(index, 'connection-open', { attempt }, transferId);
  const ended = (index: number, openLeafIndex: number, bytesSent = 900, transferId = '') =>
    leafOf(index, 'connection', { openLeafIndex, bytesSent }, transferId);
  const deleted = (index: number, openLeafIndex: number, transferId = '') =>
    leafOf(index, 'capture-deleted', { openLeafIndex }, transferId);

  test('one that a recipient opened bears no transfer, nor do its end and the end of its capture', () => {
    expect(ofTraffic(opened(0), ended(1, 0), deleted(2, 0))).toEqual([]);
  });

  test.each([
    ['an attempt that bears no transfer', [leafOf(0, 'attempt', { attempt: 1 })]],
    ['a delivery that bears none', [leafOf(0, 'delivered', {})]],
    ['a connection of ours that bears none', [opened(0, 1)]],
    ['one of a transfer that nobody permitted', [opened(0, 1, 't-1')]],
  ])('%s was sent without a permit', (_, leaves) => {
    expect(ofTraffic(...leaves)).toEqual(['sent-without-permit']);
  });

  test.each([
    ['an end without a beginning', [ended(0, 7)]],
    ['a capture deleted of a connection that never was', [deleted(0, 7)]],
    ['the name taken from an end', [opened(0, 1, 't-1'), ended(1, 0)]],
    ['the name taken from a deletion', [opened(0, 1, 't-1'), deleted(1, 0)]],
  ])('%s is found', (_, leaves) => {
    expect(ofTraffic(...leaves)).toContain('connection-without-opening');
  });

  test('a fetched connection that carried content without an attempt on record is found', () => {
    expect(ofTraffic(opened(0), ended(1, 0, 5_000_000))).toEqual(['fetched-without-attempt']);
    expect(ofTraffic(leafOf(0, 'attempt', {}, 't-1'), opened(1), ended(2, 1, 5_000_000))).toContain(
      'fetched-without-attempt',
    );
    const asked = ofTraffic(opened(0), leafOf(1, 'attempt', {}, 't-1'), ended(2, 0, 5_000_000));
    expect(asked).toEqual(['sent-without-permit']);
  });
});

describe('the end of an emergency stop', () => {
  const row = (account: string, person: string, may = ['resume']) => ({ account, person, may, since: '2026-01-01' });
  const authorities = [row('bo', 'Bo'), row('bo-2', 'bO'), row('cai', 'Cai'), row('dan', 'Dan', ['approve'])];
  const profile = leafOf(0, 'register', { after: { kind: 'processor', id: 'p', body: { authorities } } });
  const word = (index: number, account: string, stop = 's-1') =>
    leafOf(
      index,
      'emergency-resume',
      { stop, authority: authorities.find((one) => one.account === account) },
      '',
      account,
    );
  const stopped = (index: number) => leafOf(index, 'emergency-stop', { stop: 's-1' });
  const resumed = (index: number, approvals: readonly number[], stop = 's-1') =>
    leafOf(index, 'emergency-resumed', { stop, approvals });
  const ofStop = (...leaves: readonly EvidenceLeaf[]) =>
    verifyEvidence([profile, ...leaves], [], keys, []).findings.map(({ finding }) => finding);

  test('two different persons are behind it', () => {
    expect(ofStop(word(1, 'bo'), word(2, 'cai'), resumed(3, [1, 2]))).toEqual([]);
    // Killed before it let exports go on, and written again.
    expect(ofStop(word(1, 'bo'), word(2, 'cai'), resumed(3, [1, 2]), resumed(4, [1, 2]))).toEqual([]);
  });

  test.each([
    ['one person', [word(1, 'bo'), resumed(2, [1])]],
    ['one person twice', [word(1, 'bo'), word(2, 'bo'), resumed(3, [1, 2])]],
    ['one person under two accounts', [word(1, 'bo'), word(2, 'bo-2'), resumed(3, [1, 2])]],
    ['somebody who may not', [word(1, 'bo'), word(2, 'dan'), resumed(3, [1, 2])]],
    ['a row that never stood', [word(1, 'bo'), word(2, 'eve'), resumed(3, [1, 2])]],
    ['words about another stop', [word(1, 'bo', 's-0'), word(2, 'cai', 's-0'), resumed(3, [1, 2])]],
    ['words that came after', [resumed(1, [2, 3]), word(2, 'bo'), word(3, 'cai')]],
    [
      'words of an earlier resumption',
      [word(1, 'bo'), word(2, 'cai'), resumed(3, [1, 2]), stopped(4), resumed(5, [1, 2])],
    ],
    ['other words than those it was resumed by', [word(1, 'bo'), word(2, 'cai'), resumed(3, [1, 2]), resumed(4, [2])]],
    ['nobody', [resumed(1, [])]],
  ])('by %s is found', (_, leaves) => {
    expect(ofStop(...leaves)).toEqual(['resumed-without-two-persons']);
  });
});
