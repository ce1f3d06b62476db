import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { decideCommand } from '../../cloud/cli/decide.command.ts';
import { parseFacts } from '../../cloud/transfer/facts.ts';
import { factsInput } from '../support/transfer-facts.ts';

/**
 * Data first: facts that are missing, contradictory, of another type, or of days that do not exist. Each takes facts that
 * clear, sets or removes keys by path, and has to be told by its name, with a remedy, and never decided.
 */
const Bad = z.strictObject({
  name: z.string().min(1),
  set: z.record(z.string(), z.unknown()).optional(),
  remove: z.string().optional(),
  code: z.string(),
  names: z.string(),
});

const bad = z
  .array(Bad)
  .min(1)
  .parse(JSON.parse(readFileSync(new URL('./verdict/bad-facts.json', import.meta.url), 'utf8')));

type Json = Record<string, unknown>;

function at(facts: Json, path: string): readonly [Json, string] {
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  return [keys.reduce((target, key) => target[key] as Json, facts), last];
}

function factsOf({ set = {}, remove }: z.infer<typeof Bad>): Json {
  const facts = structuredClone(factsInput()) as unknown as Json;
  for (const [path, value] of Object.entries(set)) {
    const [target, key] = at(facts, path);
    target[key] = value;
  }
  if (remove === undefined) return facts;
  const [target, key] = at(facts, remove);
  if (!(key in target)) throw new Error(`no key ${remove} to remove`);
  delete target[key];
  return facts;
}

test('the facts that are spoilt below are in order', () => {
  expect(parseFacts(factsInput()).ok).toBe(true);
  expect(new Set(bad.map(({ name }) => name)).size).toBe(bad.length);
});

test.each(bad)('$name', async (one) => {
  const facts = factsOf(one);
  const parsed = parseFacts(facts);
  const faults = parsed.ok ? [] : parsed.fault.filter(({ code }) => code === one.code);
  expect(faults.some(({ problem }) => problem.en.includes(one.names) && problem.zh.includes(one.names))).toBe(true);
  for (const { problem, remedy } of faults) {
    expect([problem.zh, remedy.zh].every((text) => /\p{Script=Han}/u.test(text))).toBe(true);
    expect(remedy.en).not.toBe('');
  }
  const err: string[] = [];
  const out: string[] = [];
  const io = {
    readFile: async () => JSON.stringify(facts),
    out: (line: string) => out.push(line),
    err: (line: string) => err.push(line),
  };
  expect(await decideCommand({ path: 'facts.json', json: true, language: 'en' }, io)).toBe(2);
  expect([err.length > 0, out.join('').includes('"decision"')]).toEqual([true, false]);
});
