import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { rowsOfLaw } from '../../../../cloud/rules/law-book.ts';
import { SHIPPED_LAW } from '../../../../cloud/rules/shipped-rules.ts';
import { rowDigest } from '../../../../cloud/transfer/digest.ts';
import type { DatedRow } from '../../../../cloud/transfer/rule.ts';

/**
 * Verdicts are replayed for years under the rules of their day. So a row that has been released changes in one way only:
 * it gets an `until`, which its digest leaves out. To amend a rule, close its row, add a new one below it, and pin the
 * new one by adding its line to pinned-rows.json; a line that is there is never changed or removed.
 */
const pinned: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(new URL('./pinned-rows.json', import.meta.url), 'utf8'),
);

/** Two clauses can share an id and a day, each under a position of a reading. */
const positionOf = (row: DatedRow): string => {
  const { reading } = row as { reading?: unknown };
  return typeof reading === 'object' && reading !== null && 'position' in reading ? `!${String(reading.position)}` : '';
};
const rows = rowsOfLaw(SHIPPED_LAW).map(({ table, row }) => ({
  key: `${table}/${row.id}@${row.from}${['clauses', 'items'].includes(table) ? positionOf(row) : ''}`,
  row,
}));
const current = Object.fromEntries(rows.map(({ key, row }) => [key, rowDigest(row)]));

describe('rows of law', () => {
  test('are named once', () => {
    expect(Object.keys(current)).toHaveLength(rows.length);
  });

  test.each(Object.keys(pinned))('%s is as it was released', (key) => {
    expect(current[key]).toBe(pinned[key]);
  });

  test('are all pinned', () => {
    const loose = Object.fromEntries(Object.entries(current).filter(([key]) => !(key in pinned)));
    expect(loose).toEqual({});
  });
});
