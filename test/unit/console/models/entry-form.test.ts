import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { REGISTER_KINDS } from '../../../../cloud/registers/kinds.table.ts';
import {
  bodyOf,
  controlOf,
  draftOf,
  emptyDraft,
  type FormSchema,
  objectionsOf,
  variantsOf,
} from '../../../../console/models/entry-form.ts';
import { FIELDS, VALUES } from '../../../../console/words/fields.table.ts';
import { BODIES } from '../../../support/cloud/registers/entries.ts';

const schemaOf = (kind: z.ZodType): FormSchema =>
  z.toJSONSchema(kind, { io: 'input', unrepresentable: 'any' }) as FormSchema;

/** A value as a form gives it back: times are told in the time of the mainland, to the second. */
const told = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_key, one: unknown) =>
    typeof one === 'string' && /^\d{4}-\d\d-\d\dT/.test(one) ? Date.parse(one) : one,
  );

describe.each(REGISTER_KINDS.map(({ id, schema }) => ({ id, schema: schemaOf(schema) })))(
  'the form of the register $id',
  ({ id, schema }) => {
    test('gives an entry back as it was', () => {
      const body = BODIES[id as keyof typeof BODIES] as unknown;
      const draft = draftOf(schema, body);
      expect([...objectionsOf(schema, draft)]).toEqual([]);
      expect(told(bodyOf(schema, draft))).toEqual(told(body));
    });

    test('is not sent empty, and says which fields are missing', () => {
      const wrong = objectionsOf(schema, emptyDraft(schema));
      expect(wrong.get('/id')).toBe('missing');
    });

    test('has words for each key and value', () => {
      for (const [key, one] of Object.entries(schema.properties ?? {})) lookAt(key, one);
    });
  },
);

function lookAt(key: string, schema: FormSchema): void {
  expect(FIELDS[key], key).toBeDefined();
  // Kinds of field are names of the catalogue.
  if (!/^[A-Z-]+$/.test(schema.enum?.[0] ?? ''))
    for (const one of schema.enum ?? []) expect(VALUES[one], one).toBeDefined();
  for (const [name, one] of Object.entries(schema.properties ?? {})) lookAt(name, one);
  for (const one of [schema.items ?? {}, ...variantsOf(schema)]) if (controlOf(one) !== 'line') lookAt(key, one);
}

const figure: FormSchema = { type: 'integer', minimum: 0, maximum: 10 };
const either: FormSchema = { anyOf: [figure, { type: 'string', const: 'unknown' }] };

test.each([
  ['', 'missing'],
  ['1.5', 'malformed'],
  ['x', 'malformed'],
  ['11', 'range'],
  ['10', undefined],
])('the figure `%s` is %s', (text, objection) => {
  expect(objectionsOf(figure, text).get('')).toBe(objection);
});

test('one of several forms is that which fits, and its figure is a number again', () => {
  expect(bodyOf(either, draftOf(either, 7))).toBe(7);
  expect(bodyOf(either, draftOf(either, 'unknown'))).toBe('unknown');
});

test('what is not stated is left out, and what is typed has no blanks around it', () => {
  const schema: FormSchema = {
    type: 'object',
    properties: {
      id: { type: 'string' },
      note: { type: 'string' },
      names: { type: 'array', items: { type: 'string' } },
    },
    required: ['id', 'names'],
  };
  expect(bodyOf(schema, { id: ' a ', note: ' ', names: 'x\n\n y ' })).toEqual({ id: 'a', names: ['x', 'y'] });
});
