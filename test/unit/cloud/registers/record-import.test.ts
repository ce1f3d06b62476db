import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ENTRIES_PER_APPEND_MAX } from '../../../../cloud/log/entry-file.ts';
import { createEntryIndex } from '../../../../cloud/registers/entry-index.ts';
import { IMPORT_ROWS_MAX, type Import, recordImport } from '../../../../cloud/registers/record-import.ts';
import { BODIES } from '../../../support/cloud/registers/entries.ts';
import { scratchRegisters } from '../../../support/cloud/registers/scratch.ts';

const notice = (id: string, changes: object = {}) => ({ ...BODIES['notice'], id, number: `no. ${id}`, ...changes });

function shelf() {
  const one = scratchRegisters();
  const books = { operations: one.operations, store: one.store };
  const imported = (bodies: readonly unknown[], act: Import['act'] = 'add') =>
    recordImport({ act, kind: 'notice', bodies }, 'alice', books);
  const told = (bodies: readonly unknown[], act?: Import['act']) => {
    const taken = imported(bodies, act);
    return taken.ok ? taken.value.map(({ id }) => id) : taken.fault.map(({ code, problem }) => `${code} ${problem.en}`);
  };
  return { ...one, imported, told };
}

test('all rows are in the log by one append, and in the register', () => {
  const { told, log, registers } = shelf();
  expect(told([notice('N-1'), notice('N-2')])).toEqual(['N-1', 'N-2']);
  expect(log.map(({ kind, actor }) => [kind, actor])).toEqual([
    ['register', 'alice'],
    ['register', 'alice'],
  ]);
  expect(registers.list('notice')).toHaveLength(2);
  expect(told([notice('N-2', { version: '2' })], 'replace')).toEqual(['N-2']);
  expect(registers.find('notice', 'N-2')?.version).toBe(2);
});

test('one bad row leaves none, and each bad row is named', () => {
  const { told, log, registers } = shelf();
  const rows = [notice('N-1'), notice('N-2', { number: 'no. N-1' }), notice('N-1'), { id: 'N-4' }];
  const faults = told(rows);
  expect([2, 3, 4].map((row) => faults.some((text) => text.includes(`row ${row}: `)))).toEqual([true, true, true]);
  expect(faults.some((text) => text.includes('row 1: '))).toBe(false);
  expect(faults[0]).toContain('REGISTER_OBJECTION');
  expect(faults[1]).toContain('REGISTER_EXISTS');
  expect(log).toEqual([]);
  expect(registers.list('notice')).toEqual([]);
});

test('a row may refer to one above it, and a number is free once its holder gave it up', () => {
  const one = scratchRegisters();
  const books = { operations: one.operations, store: one.store };
  recordImport({ act: 'add', kind: 'notice', bodies: [notice('N-1'), notice('N-2')] }, 'alice', books);
  const swapped = [notice('N-1', { number: 'free' }), notice('N-2', { number: 'no. N-1' })];
  expect(recordImport({ act: 'replace', kind: 'notice', bodies: swapped }, 'alice', books).ok).toBe(true);
});

test('more rows than one append takes are refused, and rows with faults beyond the limit are counted', () => {
  const { told } = shelf();
  expect(IMPORT_ROWS_MAX).toBeLessThanOrEqual(ENTRIES_PER_APPEND_MAX);
  expect(told(Array.from({ length: IMPORT_ROWS_MAX + 1 }, () => null))).toEqual([
    expect.stringContaining('REGISTER_LIMIT'),
  ]);
  expect(told(Array.from({ length: 203 }, () => null)).at(-1)).toBe('REGISTER_LIMIT 3 more rows have faults');
});

test('an import comes to what its rows come to one after the other, or to nothing', () => {
  const ids = fc.constantFrom('N-1', 'N-2', 'N-3');
  const row = fc.record({ id: ids, number: fc.constantFrom('a', 'b', 'c') });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 3 }), fc.array(row, { maxLength: 5 }), fc.boolean(), (held, rows, isAdd) => {
      const act = isAdd ? 'add' : 'replace';
      const [many, single] = [shelf(), scratchRegisters()];
      for (const one of held) {
        many.change({ act: 'add', kind: 'notice', body: notice(one.id, one) });
        single.change({ act: 'add', kind: 'notice', body: notice(one.id, one) });
      }
      const before = many.registers.list('notice');
      const outcomes = rows.map((one) => single.change({ act, kind: 'notice', body: notice(one.id, one) }));
      const taken = many.imported(
        rows.map((one) => notice(one.id, one)),
        act,
      );
      expect(taken.ok).toBe(outcomes.every((outcome) => outcome === 'fine'));
      expect(many.registers.list('notice')).toEqual(taken.ok ? single.registers.list('notice') : before);
    }),
    { numRuns: 200 },
  );
});

test('counts and numbers of an index are those of its entries, whatever is put over what', () => {
  const entry = fc.record({
    id: fc.constantFrom('N-1', 'N-2', 'N-3'),
    number: fc.constantFrom('a', 'b'),
    isWithdrawn: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 8 }), fc.nat(8), (puts, asked) => {
      const index = createEntryIndex([]);
      for (const [at, { id, number, isWithdrawn }] of puts.entries()) {
        // From some put on the numbers are kept along with the entries.
        if (at === asked) index.holdersOf('notice', 'number:A');
        index.put({ kind: 'notice', id, version: 1, isWithdrawn, body: notice(id, { number }), attachments: [] });
      }
      const standing = index.list('notice').filter((one) => !one.isWithdrawn);
      expect(index.count('notice')).toBe(standing.length);
      for (const number of ['a', 'b']) {
        const holders = standing.filter(({ body }) => body['number'] === number).map(({ id }) => id);
        expect([...index.holdersOf('notice', `number:${number.toUpperCase()}`)].toSorted()).toEqual(holders);
      }
    }),
    { numRuns: 300 },
  );
});
