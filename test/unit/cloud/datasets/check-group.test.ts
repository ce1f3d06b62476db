import { expect, test } from 'vitest';
import { borderDirectory } from '../../../../cloud/adapters/border-directory.ts';
import { parquetTables } from '../../../../cloud/adapters/parquet-tables.ts';
import { openGroups, PARQUET_NAME } from '../../../../cloud/datasets/check-group.ts';
import { createTagSet } from '../../../../cloud/datasets/tag-set.ts';
import { ALONE } from '../../../../cloud/datasets/turns.ts';
import { writeTable } from '../../../../cloud/datasets/write-table.ts';
import type { Column, ColumnGroup } from '../../../../cloud/ports/table-format.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';

const COLUMNS: readonly Column[] = [
  { name: 'signal', holds: 'text' },
  { name: 'samples', holds: 'count' },
  { name: 'mean', holds: 'figure' },
];

/** What the second look says of a table that holds exactly this, whoever wrote it: no digest tells them apart. */
async function leaksOf(signal: string, samples: number, mean: number): Promise<readonly string[]> {
  const parts = { border: borderDirectory(scratchDirectory()), format: parquetTables() };
  const writer = parts.format.writer(parts.border.create('t1', PARQUET_NAME), COLUMNS);
  const group: ColumnGroup = [['Speed', signal], Int32Array.of(1, samples), Float64Array.of(0.5, mean)];
  writer.write(group);
  writer.finish();
  const vocabulary = { signal: new Set(['Speed', 'Voltage']) };
  const checker = await openGroups({ transferId: 't1', columns: COLUMNS, vocabulary }, parts);
  const { leaks } = await checker.check(0);
  checker.close();
  return leaks;
}

test.each([
  ['all of it as it may be', 'Voltage', 2, -12.345, []],
  ['a text beyond the vocabulary', 'Position', 2, 1, ['not-as-written']],
  ['a count below nothing', 'Voltage', -1, 1, ['not-as-written']],
  ['a figure of four decimals', 'Voltage', 2, 1.2345, ['not-as-written']],
  ['a figure that is none', 'Voltage', 2, Number.POSITIVE_INFINITY, ['not-as-written']],
])('%s', async (_, signal, samples, mean, leaks) => {
  expect(await leaksOf(signal, samples, mean)).toEqual(leaks);
});

/** Two groups of a row each go to a writer that changes them on the way. */
async function leaksOfChanged(changed: (group: ColumnGroup, index: number) => ColumnGroup | undefined) {
  const format = parquetTables();
  let index = 0;
  const parts = {
    border: borderDirectory(scratchDirectory()),
    turns: ALONE,
    format: {
      ...format,
      writer: (...order: Parameters<typeof format.writer>) => {
        const inner = format.writer(...order);
        const write = (group: ColumnGroup): void => {
          const other = changed(group, index);
          index += 1;
          if (other !== undefined) inner.write(other);
        };
        return { ...inner, write };
      },
    },
  };
  async function* groups(): AsyncGenerator<ColumnGroup> {
    for (const mean of [1.5, 2.5]) yield [['Speed'], Int32Array.of(1), Float64Array.of(mean)];
  }
  const vocabulary = { signal: new Set(['Speed', 'Voltage']) };
  const order = { transferId: 't1', columns: COLUMNS, vocabulary };
  return (await writeTable(groups(), createTagSet, order, parts)).leaks;
}

test('a lawful value that is not the one that was meant ends the build, and so does a group too few', async () => {
  expect(await leaksOfChanged((group) => group)).toEqual([]);
  const other: ColumnGroup = [['Voltage'], Int32Array.of(1), Float64Array.of(1.5)];
  expect(await leaksOfChanged((group, index) => (index === 0 ? other : group))).toEqual(['not-as-written']);
  expect(await leaksOfChanged((group, index) => (index === 1 ? undefined : group))).toEqual(['not-as-written']);
});
