import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readOperatorLaw } from '../../cloud/rules/operator-file.ts';
import { SHIPPED_PARTS, SHIPPED_RULES } from '../../cloud/rules/shipped-rules.ts';
import { decide } from '../../cloud/transfer/decide.ts';
import { isInForce, type RuleBook } from '../../cloud/transfer/rule-book.ts';
import { parsed } from '../support/transfer-facts.ts';

/**
 * Data first: test/vectors/verdict/*.vectors.json can be run by any other implementation. A vector takes a base from
 * cast.json, sets keys of it by path, puts documents of cast.json on file, and expects the rules that decide, in the
 * order in which they are reported, beside the outcome: right for the wrong reason fails.
 */
const HERE = new URL('./verdict/', import.meta.url);

const Document = z.union([
  z.string(),
  z.strictObject({ document: z.string(), with: z.record(z.string(), z.unknown()) }),
]);
const Expected = z.discriminatedUnion('decision', [
  z.strictObject({
    decision: z.literal('permit'),
    under: z.string(),
    route: z.string(),
    rules: z.array(z.string()).min(1),
    missing: z.array(z.string()).length(0),
    notes: z.array(z.string()).optional(),
  }),
  z.strictObject({
    decision: z.literal('withhold'),
    because: z.string(),
    route: z.string(),
    rules: z.array(z.string()).min(1),
    missing: z.array(z.string()).min(1),
    notes: z.array(z.string()).optional(),
  }),
]);
const Vector = z.strictObject({
  name: z.string().min(1),
  base: z.string(),
  set: z.record(z.string(), z.unknown()),
  onFile: z.array(Document),
  /** An operator's file of rules from cast.json, over the shipped rules. */
  operator: z.string().optional(),
  expect: Expected,
});
type Vector = z.infer<typeof Vector>;

const Json = z.record(z.string(), z.unknown());
const Cast = z.strictObject({
  bases: z.record(z.string(), Json),
  documents: z.record(z.string(), Json),
  operators: z.record(z.string(), Json),
});

const cast = Cast.parse(read('cast.json'));
const files = readdirSync(HERE).filter((name) => name.endsWith('.vectors.json'));
const sets = files.map((file) => ({ file, vectors: z.array(Vector).min(1).parse(read(file)) }));
const vectors = sets.flatMap((set) => set.vectors);

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, HERE), 'utf8'));
}

function named(table: Readonly<Record<string, Record<string, unknown>>>, name: string): Record<string, unknown> {
  const row = table[name];
  if (row === undefined) throw new Error(`cast.json has no ${name}`);
  return structuredClone(row);
}

function factsOf(vector: Vector): Record<string, unknown> {
  const facts = named(cast.bases, vector.base);
  facts['onFile'] = vector.onFile.map((item) =>
    typeof item === 'string' ? named(cast.documents, item) : { ...named(cast.documents, item.document), ...item.with },
  );
  for (const [path, value] of Object.entries(vector.set)) setAt(facts, path.split('.'), value);
  return facts;
}

function rulesOf({ operator }: Vector): RuleBook {
  if (operator === undefined) return SHIPPED_RULES;
  const law = readOperatorLaw(JSON.stringify(named(cast.operators, operator)), SHIPPED_PARTS);
  if (!law.ok) throw new Error(`the file of ${operator} has a fault`);
  return law.value.law.verdicts;
}

/** Sets a key that the base has; a path that leads nowhere is a slip in the vector. */
function setAt(target: Record<string, unknown>, [key, ...rest]: readonly string[], value: unknown): void {
  if (key === undefined || !(key in target)) throw new Error(`no key ${key} to set`);
  if (rest.length === 0) target[key] = value;
  else setAt(target[key] as Record<string, unknown>, rest, value);
}

describe.each(sets)('verdict vectors: $file', ({ vectors: ofFile }) => {
  test.each(ofFile)('$name', (vector) => {
    const verdict = decide(parsed(factsOf(vector)), rulesOf(vector));
    expect({
      decision: verdict.decision,
      ...(verdict.decision === 'permit' ? { under: verdict.under } : { because: verdict.because }),
      route: verdict.route,
      rules: verdict.rules.map(({ id }) => id),
      missing: verdict.missing.map(({ what }) => what),
      ...(vector.expect.notes === undefined ? {} : { notes: verdict.notes.map(({ id }) => id) }),
    }).toEqual(vector.expect);
  });
});

describe('the set as a whole', () => {
  test('is not small, and no two vectors share a name', () => {
    expect(vectors.length).toBeGreaterThanOrEqual(250);
    expect(new Set(vectors.map(({ name }) => name)).size).toBe(vectors.length);
  });

  test.each([1, 2, 3, 4, 6, 7, 8, 9])(
    'exemption (%i) clears in one vector at least, and does not in three',
    (number) => {
      const ofOne = vectors.filter(({ set }) => (set['claimedExemptions'] as number[] | undefined)?.includes(number));
      const cleared = ofOne.filter(({ expect: { decision } }) => decision === 'permit');
      expect(cleared.some(({ expect: one }) => 'under' in one && one.under === `exemption-${number}`)).toBe(true);
      expect(ofOne.length - cleared.length).toBeGreaterThanOrEqual(3);
    },
  );

  test('exemption (5) clears below its thresholds, and at them it does not', () => {
    const persons = (vector: Vector) => parsed(factsOf(vector)).counts.persons;
    const last = (at: number, decision: string) =>
      vectors.some((vector) => {
        const count = persons(vector);
        return count !== 'unknown' && count.projected === at && vector.expect.decision === decision;
      });
    expect([last(99_999, 'permit'), last(100_000, 'withhold'), last(1_000_000, 'withhold')]).toEqual([
      true,
      true,
      true,
    ]);
  });

  test('every rule that has ever been in force decides in some vector', () => {
    const decided = new Set(vectors.flatMap((vector) => vector.expect.rules));
    const all = new Set(SHIPPED_RULES.tables.rules.map(({ id }) => id));
    expect([...all].filter((id) => !decided.has(id))).toEqual([]);
  });

  test('every rule with a first day has a vector on it or after it, and one before it', () => {
    const days = vectors.map((vector) => parsed(factsOf(vector)).on);
    const unseen = SHIPPED_RULES.tables.rules.filter(
      (rule) =>
        rule.id !== 'TG-SILENCE' && !(days.some((day) => day < rule.from) && days.some((day) => isInForce(rule, day))),
    );
    expect(unseen.map(({ id }) => id)).toEqual([]);
  });
});
