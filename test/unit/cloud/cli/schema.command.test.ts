import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { factsSchemaCommand, registerSchemaCommand } from '../../../../cloud/cli/schema.command.ts';
import { REGISTER_KINDS } from '../../../../cloud/registers/kinds.table.ts';
import { BODIES } from '../../../support/cloud/registers/entries.ts';

interface Form {
  readonly properties: Readonly<Record<string, object>>;
  readonly required: readonly string[];
  readonly additionalProperties: false;
}

function printed(print: (io: { out: (line: string) => void }) => number): Form {
  const out: string[] = [];
  expect(print({ out: (line) => out.push(line) })).toBe(0);
  return JSON.parse(out.join('\n')) as Form;
}

function fits(body: object, { properties, required, additionalProperties }: Form): void {
  expect(additionalProperties).toBe(false);
  expect(required.filter((key) => !Object.hasOwn(body, key))).toEqual([]);
  expect(Object.keys(body).filter((key) => !Object.hasOwn(properties, key))).toEqual([]);
}

describe('forms that are printed', () => {
  test.each(['facts-battery-statistics.yaml', 'facts-tracks.yaml'])('%s is a facts file by it', (name) => {
    const text = readFileSync(new URL(`../../../../docs/examples/${name}`, import.meta.url), 'utf8');
    fits(parse(text) as object, printed(factsSchemaCommand));
  });

  test.each(REGISTER_KINDS.map(({ id }) => id))('an entry of %s', (kind) => {
    fits(
      BODIES[kind] ?? {},
      printed((io) => registerSchemaCommand(kind, io)),
    );
  });

  test('of no register there is none', () => {
    expect(registerSchemaCommand('nothing', { out: () => expect.unreachable() })).toBe(2);
  });
});
