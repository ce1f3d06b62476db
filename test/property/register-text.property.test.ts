import fc from 'fast-check';
import { expect, test } from 'vitest';
import { entriesText, exportedBodies, readEntries } from '../../cloud/cli/register-text.ts';
import type { EntryBody } from '../../cloud/registers/kind.ts';
import { REGISTER_KINDS, registerKind } from '../../cloud/registers/kinds.table.ts';
import { BODIES } from '../support/cloud/registers/entries.ts';
import { scratchRegisters } from '../support/cloud/registers/scratch.ts';

/** What YAML takes for something else than text if nobody quotes it, and plain text of any script. */
const hostile = fc.oneof(
  fc.constantFrom(
    'yes',
    'null',
    '~',
    '1e3',
    '0x1F',
    '2026-01-01',
    '- a',
    'a: b',
    '# c',
    '&d',
    '*e',
    '!f',
    '"',
    "'",
    '|',
    '>',
    '%g',
    '@h',
    '{',
    '[',
    ' i ',
    '.inf',
    '---',
    '...',
    '<<',
    'é中🚗',
  ),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
);

/** A body with each free text, id and figure of it drawn anew, where the form of the kind allows it. */
function varied(kind: string, texts: readonly string[], figure: number): EntryBody {
  let drawn = 0;
  const body = structuredClone(BODIES[kind]) as Record<string, unknown>;
  const passes = () => registerKind(kind)?.schema.safeParse(body).success === true;
  const walk = (at: Record<string, unknown>): void => {
    for (const [key, value] of Object.entries(at)) {
      if (typeof value === 'object' && value !== null) walk(value as Record<string, unknown>);
      else {
        if (at === body && key === 'id') continue;
        at[key] = typeof value === 'number' ? figure : texts[drawn++ % texts.length];
        if (!passes()) at[key] = value;
      }
    }
  };
  walk(body);
  return body as EntryBody;
}

const NEEDED = ['notice', 'pipia', 'ota-campaign'];

test('what a register exports, as YAML or JSON, another one takes, entry for entry', () => {
  const kinds = REGISTER_KINDS.map(({ id }) => id);
  const drawn = fc.tuple(fc.constantFrom(...kinds), fc.array(hostile, { minLength: 1, maxLength: 6 }), fc.nat());
  fc.assert(
    fc.property(drawn, fc.boolean(), ([kind, texts, figure], isJson) => {
      const [from, to] = [scratchRegisters(), scratchRegisters()];
      for (const shelf of [from, to]) for (const needed of NEEDED) if (needed !== kind) shelf.add(needed);
      fc.pre(from.change({ act: 'add', kind, body: varied(kind, texts, figure) }) === 'fine');
      const bodies = exportedBodies(from.registers.list(kind));
      const read = readEntries(isJson ? JSON.stringify(bodies) : entriesText(bodies));
      expect(read.ok).toBe(true);
      for (const body of read.ok ? read.value : []) expect(to.change({ act: 'add', kind, body })).toBe('fine');
      expect(to.registers.list(kind).map(({ body }) => body)).toEqual(bodies);
    }),
    { numRuns: 150 },
  );
});

test('every kind is exported and taken as it stands, what it was made against among it', () => {
  const [from, to] = [scratchRegisters(), scratchRegisters()];
  const order = ['purpose', 'recipient', ...NEEDED, ...REGISTER_KINDS.map(({ id }) => id)];
  for (const kind of new Set(order)) {
    expect(from.add(kind)).toBe('fine');
    const bodies = exportedBodies(from.registers.list(kind));
    const read = readEntries(entriesText(bodies));
    for (const body of read.ok ? read.value : []) expect(to.change({ act: 'add', kind, body })).toBe('fine');
    expect(to.registers.list(kind)).toEqual(from.registers.list(kind));
  }
  expect(to.registers.find('pipia', 'P-1')?.body['against']).toHaveLength(2);
});

test('a change that waits for a second person is not exported', () => {
  const { add, replace, registers } = scratchRegisters();
  add('recipient');
  replace('recipient', { country: 'US' });
  expect(exportedBodies(registers.list('recipient'))).toMatchObject([{ country: 'DE' }]);
});
