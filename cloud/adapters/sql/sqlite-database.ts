import type { Compilable } from 'kysely';
import { openDatabase, openReadOnly, type StoreDatabase } from '../open-database.ts';
import { compileStatement, type Places, queryBuilder, type SqlDatabase, type Statement } from './sql-database.ts';

/** A store that is one SQLite file. */
export function sqliteDatabase<Tables>(file: string, schema: string, cacheMib?: number): SqlDatabase<Tables> {
  return overSqlite(openDatabase(file, schema, cacheMib));
}

/** The same for who only looks. @throws SqliteError when the file is not there */
export function sqliteReadOnly<Tables>(file: string): SqlDatabase<Tables> {
  return overSqlite(openReadOnly(file));
}

function overSqlite<Tables>(database: StoreDatabase): SqlDatabase<Tables> {
  const [begin, commit, rollback] = ['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK'].map((text) => database.prepare(text));
  return {
    dialect: 'sqlite',
    tables: queryBuilder('sqlite'),
    prepare: (query) => prepareIn(database, query),
    transaction: (work) => {
      if (database.inTransaction) return work();
      begin?.run();
      try {
        const done = work();
        commit?.run();
        return done;
      } finally {
        // A commit that failed, on a full disk, may have ended it already.
        if (database.inTransaction) rollback?.run();
      }
    },
    close: () => {
      database.close();
    },
  };
}

function prepareIn<In, Row>(database: StoreDatabase, query: (at: Places<In>) => Compilable<Row>): Statement<In, Row> {
  const { text, values } = compileStatement(query);
  const statement = database.prepare(text);
  return {
    get: (input) => statement.get(...values(input)) as Row | undefined,
    all: (input) => statement.all(...values(input)) as Row[],
    each: (input) => statement.iterate(...values(input)) as Iterable<Row>,
    run: (input) => {
      statement.run(...values(input));
    },
    runEach: (inputs) => inputs.map((input) => statement.run(...values(input)).changes),
  };
}
