import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { FACTS_CHARACTERS_MAX, parseFactsText } from '../../../../cloud/transfer/facts-text.ts';
import { factsInput } from '../../../support/transfer-facts.ts';

const yaml = stringify(factsInput(), { aliasDuplicateObjects: false });

function problemOf(text: string): string | undefined {
  const parsed = parseFactsText(text);
  return parsed.ok ? undefined : `${parsed.fault[0]?.code} ${parsed.fault[0]?.problem.en}`;
}

describe('a facts file', () => {
  test('YAML and JSON of the same facts are the same facts', () => {
    expect(parseFactsText(yaml)).toEqual({ ok: true, value: factsInput() });
    expect(parseFactsText(JSON.stringify(factsInput()))).toEqual({ ok: true, value: factsInput() });
  });

  test('`on`, `no`, `yes` and the country NO are words, as YAML 1.2 has them', () => {
    const text = yaml.replace('country: DE', 'country: NO');
    for (const line of ['country: NO', 'ciio: no', 'registered: yes', 'on: 2026-11-21']) expect(text).toContain(line);
    const parsed = parseFactsText(text);
    expect(parsed.ok && [parsed.value.recipient.country, parsed.value.processor.ciio, parsed.value.on]).toEqual([
      'NO',
      'no',
      '2026-11-21',
    ]);
  });

  test('broken YAML names its line', () => {
    expect(problemOf('facts: 1\non: [2026-11-21\nmanner: sent\n')).toMatch(
      /^FACTS_SYNTAX the facts file is not YAML or JSON in line \d+: /,
    );
  });

  test('a repeated key is a fault, not the last one wins', () => {
    expect(problemOf(`${yaml}manner: vehicle-direct\n`)).toMatch(/^FACTS_SYNTAX .*DUPLICATE_KEY/);
    expect(problemOf('{"facts": 1, "facts": 1}')).toMatch(/^FACTS_SYNTAX/);
  });

  test('aliases are not followed', () => {
    expect(problemOf('a: &a [1]\nb: *a\n')).toMatch(/^FACTS_SYNTAX/);
  });

  test('a syntax fault does not quote the file', () => {
    const parsed = parseFactsText('title: "1M8GDM9AXKP042788\n');
    expect(JSON.stringify(parsed)).not.toContain('1M8GDM9AXKP042788');
  });

  test('an endless file is refused unread', () => {
    expect(problemOf(`# ${'x'.repeat(FACTS_CHARACTERS_MAX)}`)).toMatch(/^FACTS_TOO_LARGE/);
  });

  test.each(['', 'null', '[]', '---\n---\n', '%YAML 1.1\n---\non: no\n', '__proto__: {facts: 1}\n'])(
    '%j is no facts',
    (text) => {
      expect(parseFactsText(text).ok).toBe(false);
    },
  );
});
