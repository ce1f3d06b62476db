import { createHash } from 'node:crypto';
import { assert } from '../../../proto/words/result.ts';
import type { MovedStore, MovedTable } from './moved-stores.table.ts';
import { putRows } from './put-rows.ts';
import { type SqlDatabase, type SqlValue, sql } from './sql-database.ts';

type Row = Readonly<Record<string, SqlValue>>;

/** A store of whose tables only the names are known. */
export type NamedTables = Readonly<Record<string, Row>>;

/** What stands in a table, whichever database it is in. */
export interface TableDigest {
  readonly table: string;
  readonly rows: number;
  /** Over its rows by their key, hexadecimal. */
  readonly sha256: string;
}

/** Rows that are written together, and about how many bytes. */
const ROWS_AT_ONCE = 512;
const BYTES_AT_ONCE = 4_194_304;

/**
 * Puts the tables of a store in place of what was in those of another database, and reads them back, within the transaction
 * of whoever calls.
 *
 * @throws Error when what was read back is not what was written
 */
export function copyStore(
  from: SqlDatabase<NamedTables>,
  to: SqlDatabase<NamedTables>,
  { tables }: MovedStore,
): readonly TableDigest[] {
  for (const { name } of tables) empty(to, name);
  const copied = tables.map((table) => copyTable(from, to, table));
  for (const [at, found] of digestStore(to, tables).entries())
    assert(found.sha256 === copied[at]?.sha256 && found.rows === copied[at].rows, 'a table is read as it was written');
  return copied;
}

export const digestStore = (
  database: SqlDatabase<NamedTables>,
  tables: readonly MovedTable[],
): readonly TableDigest[] =>
  tables.map((table) => {
    const digest = rowDigest(table);
    for (const row of rowsOf(database, table)) digest.add(row);
    return digest.end();
  });

/** Rows of each table, without reading them. A table that an older version had no use for has none. */
export function countStore(database: SqlDatabase<NamedTables>, tables: readonly MovedTable[]): readonly number[] {
  const there = tablesOf(database);
  return tables.map(({ name }) => {
    if (!there.has(name)) return 0;
    const row = database
      .prepare(() => database.tables.selectFrom(name).select(({ fn }) => fn.countAll<number>().as('rows')))
      .get({});
    return Number(row?.rows);
  });
}

function tablesOf(database: SqlDatabase<NamedTables>): ReadonlySet<unknown> {
  const { dialect, tables } = database;
  const [catalogue, name] = dialect === 'sqlite' ? ['sqlite_master', 'name'] : ['pg_catalog.pg_class', 'relname'];
  const rows = database.prepare(() => tables.selectFrom(catalogue).select(`${name} as name`)).all({});
  return new Set(rows.map((row) => (row as Row)['name']));
}

/** Over PostgreSQL at once: what goes row by row may be late, and triggers of rows have nothing to do here. */
function empty({ dialect, prepare, tables }: SqlDatabase<NamedTables>, name: string): void {
  const truncate = { compile: () => sql<Row>`truncate table ${sql.table(name)}`.compile(tables) };
  prepare(() => (dialect === 'postgres' ? truncate : tables.deleteFrom(name))).run({});
}

function copyTable(from: SqlDatabase<NamedTables>, to: SqlDatabase<NamedTables>, table: MovedTable): TableDigest {
  // What triggers made of rows that came in before.
  empty(to, table.name);
  const put = putRows<Row>(to, table.columns, (rows) =>
    to.tables
      .insertInto(table.name)
      .values(rows.map((row) => Object.fromEntries(table.columns.map((column) => [column, row[column]])))),
  );
  const digest = rowDigest(table);
  let [waiting, bytes]: [Row[], number] = [[], 0];
  for (const row of rowsOf(from, table)) {
    bytes += digest.add(row);
    waiting.push(row);
    if (waiting.length < ROWS_AT_ONCE && bytes < BYTES_AT_ONCE) continue;
    put(waiting);
    [waiting, bytes] = [[], 0];
  }
  put(waiting);
  return digest.end();
}

function rowsOf({ tables, prepare }: SqlDatabase<NamedTables>, { name, columns, key }: MovedTable): Iterable<Row> {
  return prepare(() => {
    const select = tables.selectFrom(name).select(columns);
    return key.reduce((query, column) => query.orderBy(column), select);
  }).each({}) as Iterable<Row>;
}

/** Text that is hashed at once: a call for each value would take longer than everything else that is done with a row. */
const TEXT_AT_ONCE = 65_536;

/** Each value with its kind and length, so that no two tables read alike that are not. */
function rowDigest({ name, columns }: MovedTable) {
  const hash = createHash('sha256').update(JSON.stringify([name, columns]));
  let text = '';
  let rows = 0;
  const addText = (more: string): void => {
    text += more;
    if (text.length > TEXT_AT_ONCE) flush();
  };
  const flush = (): void => {
    hash.update(text);
    text = '';
  };
  return {
    /** @returns about how many bytes the row has */
    add: (row: Row): number => {
      rows += 1;
      let bytes = 0;
      for (const column of columns) {
        const value = row[column] ?? null;
        const content = value instanceof Uint8Array ? value : String(value);
        const length = typeof content === 'string' ? Buffer.byteLength(content) : content.length;
        bytes += length;
        addText(`${kindOf(value)}${length}:`);
        if (typeof content === 'string') addText(content);
        else {
          flush();
          hash.update(content);
        }
      }
      return bytes;
    },
    end: (): TableDigest => {
      flush();
      return { table: name, rows, sha256: hash.digest('hex') };
    },
  };
}

function kindOf(value: SqlValue): string {
  if (value === null) return '-';
  if (value instanceof Uint8Array) return 'b';
  return typeof value === 'number' ? 'n' : 't';
}
