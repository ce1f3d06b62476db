import {
  type Compilable,
  type CompiledQuery,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely';

/** What a column holds in either dialect: integers as numbers, truth as 0 and 1, documents as texts, bytes as they are. */
export type SqlValue = string | number | null | Uint8Array;

/** Where the values go, by name, that a statement is given each time. */
export type Places<In> = { readonly [Name in keyof In]: RawBuilder<In[Name]> };

/** A statement that was compiled once. Every call of it waits until it is done. */
export interface Statement<In, Row> {
  readonly get: (input: In) => Row | undefined;
  readonly all: (input: In) => readonly Row[];
  /** One after the other, for what is too much at once; read to its end or ended before anything else is asked. */
  readonly each: (input: In) => Iterable<Row>;
  /** Durable once it returns; within a transaction perhaps not begun before that is committed or read from. */
  readonly run: (input: In) => void;
  /** @returns how many rows each of them changed */
  readonly runEach: (inputs: readonly In[]) => readonly number[];
}

/**
 * A store in one of two dialects, by one typed builder. It is synchronous in both: what is decided and what is counted for it
 * stay one step that nothing comes between (docs/adr/0104).
 */
export interface SqlDatabase<Tables> {
  readonly dialect: Dialect;
  readonly tables: Kysely<Tables>;
  /** Compiles a query. @param query - is given the places of its inputs; it refers to nothing else that changes */
  readonly prepare: <In, Row>(query: (at: Places<In>) => Compilable<Row>) => Statement<In, Row>;
  /**
   * All of it, or nothing; serialisable. What `work` throws undoes it.
   *
   * @param work - may be run again where another process came between, so it changes nothing else that a second run would miss
   */
  readonly transaction: <T>(work: () => T) => T;
  readonly close: () => void;
}

export type Dialect = 'sqlite' | 'postgres';

const DIALECTS = {
  sqlite: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (of: Kysely<unknown>) => new SqliteIntrospector(of),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
  postgres: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (of: Kysely<unknown>) => new PostgresIntrospector(of),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
};

/** Builds queries of a dialect and runs none: whoever prepares them does. */
export function queryBuilder<Tables>(dialect: Dialect): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: DIALECTS[dialect] });
}

/** A query as its text and what goes into its places, in their order. */
export interface CompiledStatement<In> {
  readonly text: string;
  readonly values: (input: In) => SqlValue[];
}

/** Stands in a query for an input that comes later. */
interface Place {
  readonly place: string;
}

const isPlace = (value: unknown): value is Place => typeof value === 'object' && value !== null && 'place' in value;

export function compileStatement<In, Row>(query: (at: Places<In>) => Compilable<Row>): CompiledStatement<In> {
  const at = new Proxy({} as Places<In>, { get: (_, place) => sql`${{ place }}` });
  const { sql: text, parameters }: CompiledQuery<Row> = query(at).compile();
  const values = (input: In): SqlValue[] =>
    parameters.map((one) => {
      const value = isPlace(one) ? (input as Readonly<Record<string, SqlValue>>)[one.place] : (one as SqlValue);
      if (value === undefined) throw new Error('broken invariant: a statement is given all of its inputs');
      return value;
    });
  return { text, values };
}

export { sql } from 'kysely';
