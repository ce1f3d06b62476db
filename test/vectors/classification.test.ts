import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { evaluateItem } from '../../cloud/classification/evaluate-item.ts';
import type { Evidence } from '../../cloud/classification/evidence.ts';
import { FINDINGS, MEASURES } from '../../cloud/classification/item.ts';
import { exactly, NOTHING_KNOWN } from '../../cloud/classification/outcome.ts';
import { lawOn } from '../../cloud/rules/law-book.ts';
import { SHIPPED_LAW } from '../../cloud/rules/shipped-rules.ts';
import { type CivilDate, type Instant, parseInstant } from '../../proto/words/time.ts';

/** A figure, or what it is at least and at most; null is no bound. */
const Figure = z.union([z.number(), z.tuple([z.number(), z.number().nullable()])]);
const at = z.string().transform((text) => {
  const parsed = parseInstant(text);
  return parsed.ok ? parsed.value : (0 as Instant);
});
const Vectors = z.strictObject({
  on: z.string(),
  vectors: z
    .array(
      z.strictObject({
        name: z.string(),
        item: z.string(),
        figures: z.partialRecord(z.enum(MEASURES), Figure),
        findings: z.partialRecord(z.enum(FINDINGS), z.enum(['yes', 'no', 'unknown'])),
        span: z.strictObject({ from: at, until: at }).optional(),
        expect: z.enum(['hit', 'no-hit', 'unknown']),
      }),
    )
    .min(1),
});

const file = new URL('classification/boundaries.json', import.meta.url);
const { on, vectors } = Vectors.parse(JSON.parse(readFileSync(file, 'utf8')));
const law = lawOn(SHIPPED_LAW, on as CivilDate);

const OUTCOMES = { yes: 'hit', no: 'no-hit', unknown: 'unknown' } as const;

test('names are unique', () => {
  expect(new Set(vectors.map(({ name }) => name)).size).toBe(vectors.length);
});

test.each(vectors)('$item: $name: $expect', ({ item, figures, findings, span, expect: expected }) => {
  const row = law.items.find(({ id }) => id === item);
  expect(row).toBeDefined();
  if (row === undefined) return;
  const evidence: Evidence = {
    figure: (_, measure) => {
      const figure = figures[measure];
      if (typeof figure === 'number') return exactly(figure);
      return figure === undefined ? NOTHING_KNOWN : { least: figure[0], most: figure[1] ?? Number.POSITIVE_INFINITY };
    },
    span: () => span ?? 'unknown',
    finding: (_, finding) => OUTCOMES[findings[finding] ?? 'unknown'],
  };
  const clauseOf = (id: string) => law.clauses.find((clause) => clause.id === id);
  expect(evaluateItem(row, clauseOf, evidence).outcome).toBe(expected);
});
