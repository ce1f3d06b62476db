import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { REGISTER_KINDS } from '../../../../cloud/registers/kinds.table.ts';
import type { FormSchema } from '../../../../console/models/entry-form.ts';
import { titleIn } from '../../../../console/models/entry-title.ts';
import { referenceOf, referencesIn, withName } from '../../../../console/models/references.ts';

const formOf = (id: string): FormSchema => {
  const kind = REGISTER_KINDS.find((one) => one.id === id);
  return z.toJSONSchema(kind?.schema ?? z.never(), { io: 'input', unrepresentable: 'any' }) as FormSchema;
};

describe('what a form names', () => {
  test.each([
    ['notice', ['dataset', 'purpose', 'recipient']],
    ['contract', ['dataset', 'pipia', 'purpose', 'recipient']],
    ['individual-contract', ['dataset', 'notice', 'purpose', 'recipient']],
    ['source-filing', ['ota-campaign', 'recipient']],
    ['recipient', ['purpose']],
    ['incident', ['recipient']],
    ['vulnerability', ['recipient']],
  ])('the form of %s names %j', (kind, named) => {
    expect(referencesIn(formOf(kind)).toSorted()).toEqual(named);
  });

  test('a key of such a name that takes one of a few, or a text, names nothing', () => {
    expect(referencesIn(formOf('ota-campaign'))).toEqual([]);
    expect(referenceOf('purpose', { type: 'string', enum: ['defect', 'feature'] })).toBeUndefined();
    expect(referenceOf('notice', { type: 'string', title: 'text' })).toBeUndefined();
    expect(referenceOf('notice', { type: 'string', title: 'id' })).toBe('notice');
  });

  test('every register that can be named is one', () => {
    const kinds = new Set(['dataset', ...REGISTER_KINDS.map(({ id }) => id)]);
    const named = REGISTER_KINDS.flatMap(({ id }) => referencesIn(formOf(id)));
    expect(named.filter((kind) => !kinds.has(kind as never))).toEqual([]);
  });
});

test('a name is added on a line of its own, once', () => {
  expect(withName('', 'lab')).toBe('lab');
  expect(withName('lab\n\n', 'bay')).toBe('lab\nbay');
  expect(withName('lab\nbay', 'lab')).toBe('lab\nbay');
});

describe('what people call an entry', () => {
  test.each([
    [{ id: 'a', name: 'Lab', description: 'x' }, 'Lab'],
    [
      { id: 'a', title: { en: 'Why', zh: '原因' }, description: 'x' },
      { en: 'Why', zh: '原因' },
    ],
    [{ id: 'a', title: { en: 'Why' }, number: 'N-1' }, 'N-1'],
    [{ id: 'a', name: '' }, undefined],
  ])('%j', (body, title) => {
    expect(titleIn({ body })).toEqual(title);
  });
});
