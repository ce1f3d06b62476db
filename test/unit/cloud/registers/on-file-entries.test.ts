import { expect, test } from 'vitest';
import { createEntryIndex } from '../../../../cloud/registers/entry-index.ts';
import { onFileEntries } from '../../../../cloud/registers/on-file-entries.ts';
import { FactsSchema } from '../../../../cloud/transfer/facts.ts';
import { entryOf } from '../../../support/cloud/registers/entries.ts';

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
