import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { FactsSchema } from '../../../../cloud/transfer/facts.ts';
import { FACTS_CHARACTERS_MAX } from '../../../../cloud/transfer/facts-text.ts';

const manual = readFileSync(new URL('../../../../docs/transfer-facts.md', import.meta.url), 'utf8');

/** Names of all keys, all values of closed lists and all limits that the schema has, at any depth. */
function wordsOf(schema: unknown): {
  readonly keys: Set<string>;
  readonly values: Set<string>;
  readonly limits: Set<number>;
} {
  const found = { keys: new Set<string>(), values: new Set<string>(), limits: new Set<number>() };
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) for (const item of node) visit(item);
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
    for (const [key, value] of Object.entries(node)) {
      if (key === 'properties') for (const name of Object.keys(value)) found.keys.add(name);
      if (key === 'enum') for (const item of value as unknown[]) found.values.add(String(item));
      if (key === 'const') found.values.add(String(value));
      if (['maxLength', 'maxItems', 'maximum'].includes(key)) found.limits.add(Number(value));
      visit(value);
    }
  };
  visit(schema);
  return found;
}

const words = wordsOf(z.toJSONSchema(FactsSchema, { io: 'input', unrepresentable: 'any' }));

describe('docs/transfer-facts.md', () => {
  test('the schema has keys and values to look for', () => {
    expect(words.keys.size).toBeGreaterThan(40);
    expect(words.values.size).toBeGreaterThan(40);
  });

  test.each([...words.keys])('explains the key `%s`', (key) => {
    expect(manual).toMatch(new RegExp(`\`([a-zA-Z.]+\\.)?${key}\``));
  });

  test.each([...words.values])('names the value `%s`', (value) => {
    expect(manual).toContain(`\`${value}\``);
  });

  const limits = [...words.limits, FACTS_CHARACTERS_MAX].filter((limit) => limit < Number.MAX_SAFE_INTEGER);
  test.each(limits)('states the limit %i', (limit) => {
    expect(
      [String(limit), limit.toLocaleString('en-US')].some((text) => new RegExp(`\\b${text}\\b`).test(manual)),
    ).toBe(true);
  });

  test('points at both examples', () => {
    for (const name of ['facts-battery-statistics.yaml', 'facts-tracks.yaml'])
      expect(manual).toContain(`examples/${name}`);
  });
});
