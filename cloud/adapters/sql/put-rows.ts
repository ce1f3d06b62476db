import type { Compilable } from 'kysely';
import type { Places, SqlDatabase, SqlValue } from './sql-database.ts';

/** Rows of one statement: a server takes many together at little more than the cost of one. */
const SIZES = [64, 8, 1] as const;

/**
 * Writes rows by as few statements as their number allows. No two of them have the same key.
 *
 * @param columns - of each row, all of them
 * @param query - is given the places of several rows
 */
export function putRows<Row extends Readonly<Record<keyof Row, SqlValue>>>(
  { prepare }: Pick<SqlDatabase<never>, 'prepare'>,
  columns: readonly (keyof Row & string)[],
  query: (rows: readonly Places<Row>[]) => Compilable<unknown>,
): (rows: readonly Row[]) => void {
  const placesOf = (at: Places<Readonly<Record<string, SqlValue>>>, row: number): Places<Row> =>
    Object.fromEntries(columns.map((column) => [column, at[`${column} ${row}`]])) as Places<Row>;
  const statements = SIZES.map((size) => ({
    size,
    run: prepare((at: Places<Readonly<Record<string, SqlValue>>>) =>
      query(Array.from({ length: size }, (_, row) => placesOf(at, row))),
    ).run,
  }));
  const inputOf = (rows: readonly Row[]): Readonly<Record<string, SqlValue>> =>
    Object.fromEntries(rows.flatMap((row, at) => columns.map((column) => [`${column} ${at}`, row[column]])));
  return (rows) => {
    let done = 0;
    for (const { size, run } of statements)
      for (; rows.length - done >= size; done += size) run(inputOf(rows.slice(done, done + size)));
  };
}
