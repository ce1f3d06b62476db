import { expect, test } from 'vitest';
import { createEntryIndex } from '../../../../cloud/registers/entry-index.ts';
import { onFileEntries } from '../../../../cloud/registers/on-file-entries.ts';
import { FactsSchema, parseFacts } from '../../../../cloud/transfer/facts.ts';
import { entryOf } from '../../../support/cloud/registers/entries.ts';
import { transferFacts } from '../../../support/transfer-facts.ts';

const WHOLE = { state: () => 'whole' as const };

const REGISTERS = [
  'notice',
  'consent-form',
  'pipia',
  'contract',
  'certificate',
  'assessment',
  'map-review',
  'external-provision',
  'recognised-processing',
];

test('every document of a register is one that facts take, under a name that tells the register', () => {
  const entries = REGISTERS.map((kind) => entryOf(kind));
  const registers = {
    ...createEntryIndex([]),
    findAny: () => undefined,
    list: (kind: string) => entries.filter((one) => one.kind === kind),
  };
  const onFile = onFileEntries(registers, { state: () => 'whole' });
  expect(onFile.map(({ id }) => id)).toEqual(entries.map(({ kind, id }) => `${kind}/${id}`));
  expect(FactsSchema.shape.onFile.safeParse(onFile).error).toBeUndefined();
});

test('entries that are kept parsed give the facts that parsing them anew gives, and cannot be changed', () => {
  const entries = REGISTERS.map((kind) => entryOf(kind));
  const registers = { find: () => undefined, list: (kind: string) => entries.filter((one) => one.kind === kind) };
  const look = () => onFileEntries({ ...createEntryIndex([]), findAny: () => undefined, ...registers }, WHOLE);
  const again = JSON.parse(JSON.stringify(look())) as ReturnType<typeof look>;
  expect(look()).toEqual(again);
  // The very entries of the first look: one that changes is another one.
  expect(look().every((one, at) => one === look()[at])).toBe(true);
  const parsed = (onFile: unknown) => parseFacts({ ...JSON.parse(JSON.stringify(transferFacts())), onFile });
  expect(parsed(look())).toEqual(parsed(again));
  expect(parsed(look()).ok).toBe(true);
  expect(() => Object.assign(look()[0] ?? {}, { validUntil: '2999-01-01' })).toThrow(TypeError);
  expect(() => (look()[0]?.recipients ?? []).push('anybody')).toThrow(TypeError);
});

test('an entry of the wrong shape is kept by nobody, and refused each time', () => {
  const entry = entryOf('notice', { validUntil: 'never' });
  const list = (kind: string) => (kind === 'notice' ? [entry] : []);
  const look = () => onFileEntries({ ...createEntryIndex([]), findAny: () => undefined, list }, WHOLE);
  const refused = () => parseFacts({ ...JSON.parse(JSON.stringify(transferFacts())), onFile: look() });
  for (const one of [refused(), refused()]) expect(one).toMatchObject({ ok: false, fault: [{ code: 'FACTS_DATE' }] });
});
