import { describe, expect, test } from 'vitest';
import { parseFacts } from '../../../../cloud/transfer/facts.ts';
import { FAULTS_MAX, pathName } from '../../../../cloud/transfer/facts-fault.ts';
import { factsInput } from '../../../support/transfer-facts.ts';

const SECRET = '1M8GDM9AXKP042788';

describe('faults of shape', () => {
  test('a path is the keys to the value', () => {
    expect(pathName(['onFile', 0, 'validUntil'])).toBe('onFile.0.validUntil');
    expect(pathName([])).toBe('(root)');
  });

  test('a key that is not plain, is long or holds a VIN is not repeated', () => {
    for (const key of ['a b', 'x'.repeat(41), SECRET, SECRET.toLowerCase(), '31.279,119.678']) {
      expect(pathName(['dataset', key])).toBe('dataset.(a key)');
    }
  });

  test('no value that was given stands in a fault', () => {
    const value = {
      ...factsInput(),
      on: SECRET,
      manner: SECRET,
      purpose: `${SECRET} !`,
      legalBasis: SECRET,
      [SECRET]: SECRET,
      counts: { year: SECRET, persons: SECRET, sensitivePersons: [SECRET] },
    };
    const parsed = parseFacts(value);
    expect(parsed.ok).toBe(false);
    expect(JSON.stringify(parsed)).not.toContain(SECRET);
  });

  test('the values that are allowed are told', () => {
    const parsed = parseFacts({ ...factsInput(), manner: 'by post' });
    expect(!parsed.ok && parsed.fault[0]?.problem.en).toBe(
      '`manner` must be one of `sent`, `read-from-abroad`, `processed-abroad`, `vehicle-direct`, `unknown`',
    );
  });

  test('there are never more faults than somebody can read', () => {
    const value = {
      ...factsInput(),
      ...Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`key${index}`, 1])),
    };
    const parsed = parseFacts(value);
    expect(!parsed.ok && parsed.fault.length).toBe(FAULTS_MAX);
  });
});
