import type { Border, StagedSource } from '../ports/border.ts';
import type { Column, ColumnGroup, TableFormat } from '../ports/table-format.ts';
import { digestsOf } from './column-digests.ts';
import { type Leak, leaksInLines } from './leaks.ts';
import { linesOf } from './table-lines.ts';

export interface CheckOrder {
  readonly transferId: string;
  readonly columns: readonly Column[];
  /** Every text that a column may hold, by the name of the column: there is no other text in a parcel. */
  readonly vocabulary: Readonly<Record<string, ReadonlySet<string>>>;
}

/** What came of reading one group of rows back; another thread can hand it over. */
export interface GroupCheck {
  readonly rows: number;
  /** One a column. */
  readonly digests: readonly string[];
  readonly leaks: readonly (Leak | 'not-as-written')[];
  /** The rows as lines of JSON, each piece of whole lines. */
  readonly lines: readonly Uint8Array[];
}

export interface GroupChecker {
  /** The file itself. */
  readonly source: StagedSource;
  readonly groups: number;
  readonly check: (index: number) => Promise<GroupCheck>;
  readonly close: () => void;
}

export const PARQUET_NAME = 'rows.parquet';

/**
 * Opens a staged table to read its groups back by another library than wrote them.
 *
 * @throws the system's error, or an Error when the file is no table of these columns
 */
export async function openGroups(
  order: CheckOrder,
  { border, format }: { readonly border: Pick<Border, 'open'>; readonly format: Pick<TableFormat, 'open'> },
): Promise<GroupChecker> {
  const source: StagedSource = border.open(order.transferId, PARQUET_NAME);
  try {
    const table = await format.open(source, order.columns);
    return {
      source,
      groups: table.groups,
      check: async (index) => checkOf(await table.read(index), order),
      close: () => source.close(),
    };
  } catch (cause) {
    source.close();
    throw cause;
  }
}

function checkOf(group: ColumnGroup, order: CheckOrder): GroupCheck {
  const leaks = new Set<Leak | 'not-as-written'>(isLawful(group, order) ? [] : ['not-as-written']);
  const lines = [...linesOf(group, order.columns)];
  for (const piece of lines) for (const leak of leaksInLines(piece)) leaks.add(leak);
  return { rows: group[0]?.length ?? 0, digests: digestsOf(group), leaks: [...leaks], lines };
}

/** Each text one of the vocabulary, each count a count, each figure cut to three decimals: there is no room for more. */
function isLawful(group: ColumnGroup, { columns, vocabulary }: CheckOrder): boolean {
  return columns.every(({ name, holds }, index) => {
    const values = group[index];
    if (holds === 'text') return Array.isArray(values) && hasOnly(values, vocabulary[name]);
    if (holds === 'count') return values instanceof Int32Array && areAll(values, isCount);
    return values instanceof Float64Array && areAll(values, isFigure);
  });
}

function hasOnly(values: readonly string[], words: ReadonlySet<string> | undefined): boolean {
  let known = '';
  for (const value of values) {
    if (value === known) continue;
    if (words?.has(value) !== true) return false;
    known = value;
  }
  return true;
}

/** As `every`, which on columns of numbers takes several times as long. */
function areAll(values: Int32Array | Float64Array, holds: (value: number) => boolean): boolean {
  for (let row = 0; row < values.length; row += 1) if (!holds(values[row] ?? Number.NaN)) return false;
  return true;
}

const isCount = (value: number): boolean => value >= 0;
const isFigure = (value: number): boolean => Number.isFinite(value) && Math.round(value * 1_000) / 1_000 === value;
