import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { factsDigest, jsonDigest, rowDigest, rowsDigest } from '../../../../cloud/transfer/digest.ts';
import type { CivilDate } from '../../../../proto/words/time.ts';
import { DOCUMENTS, factsInput, transferFacts } from '../../../support/transfer-facts.ts';

const row = { id: 'a', from: '2026-02-03' as CivilDate };

describe('digests', () => {
  test('are SHA-256 over canonical JSON: keys sorted, no white space', () => {
    const expected = createHash('sha256').update('{"a":1,"b":"示例"}').digest('hex');
    expect(jsonDigest({ b: '示例', a: 1 })).toBe(expected);
  });

  test('of facts do not depend on the order of what is a set', () => {
    const one = transferFacts({ onFile: [DOCUMENTS.notice, DOCUMENTS.pipia], claimedExemptions: [5, 7] });
    const two = transferFacts({ onFile: [DOCUMENTS.pipia, DOCUMENTS.notice], claimedExemptions: [7, 5] });
    expect(factsDigest(one)).toBe(factsDigest(two));
    const scoped = (recipients: string[]) =>
      factsDigest(transferFacts({ onFile: [{ ...DOCUMENTS.notice, recipients }] }));
    expect(scoped(['a', 'b'])).toBe(scoped(['b', 'a']));
    const kinds = (list: ('CAN' | 'CHARGE')[]) =>
      factsDigest(transferFacts({ dataset: { ...factsInput().dataset, kinds: list } }));
    expect(kinds(['CAN', 'CHARGE'])).toBe(kinds(['CHARGE', 'CAN']));
  });

  test('of facts change with any fact', () => {
    const base = factsDigest(transferFacts());
    expect(factsDigest(transferFacts({ on: '2026-11-22' }))).not.toBe(base);
    expect(factsDigest(transferFacts({ onFile: [] }))).not.toBe(base);
    expect(factsDigest(transferFacts({ legalBasis: 'contract' }))).not.toBe(base);
  });

  test('of a row do not change when the row is closed', () => {
    expect(rowDigest({ ...row, until: '2027-01-01' as CivilDate })).toBe(rowDigest(row));
    expect(rowDigest({ ...row, from: '2026-02-04' as CivilDate })).not.toBe(rowDigest(row));
  });

  test('of rows do not depend on their order', () => {
    const other = { ...row, id: 'b' };
    expect(rowsDigest([row, other])).toBe(rowsDigest([other, row]));
    expect(rowsDigest([row])).not.toBe(rowsDigest([row, other]));
  });
});
