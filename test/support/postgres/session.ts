import { pathToFileURL } from 'node:url';
import { postgresConnection } from '../../../cloud/adapters/sql/postgres-connection.ts';
import { type PostgresSession, postgresSession } from '../../../cloud/adapters/sql/postgres-database.ts';
import type { PostgresSettings } from '../../../cloud/adapters/sql/postgres-messages.ts';
import { migrate } from '../../../cloud/adapters/sql/postgres-migrations.ts';
import { assert } from '../../../proto/words/result.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { compiledProgram } from '../compiled.ts';

const clock = { now: () => Date.now() as Instant };

/** A session as a process of the cloud has one; the thread runs compiled. */
export function testSession(settings: PostgresSettings): {
  readonly session: PostgresSession;
  readonly close: () => void;
} {
  const program = pathToFileURL(compiledProgram('cloud/adapters/sql/postgres-thread.ts'));
  const connection = postgresConnection(settings, clock, program);
  return { session: postgresSession(connection), close: connection.close };
}

/** The same over tables that are there. */
export function migratedSession(settings: PostgresSettings): ReturnType<typeof testSession> {
  const opened = testSession(settings);
  const made = migrate(opened.session, settings.schema, clock);
  assert(made.ok, 'the tables of a test are made');
  return opened;
}

/** Rows that the schema begins with stay. */
export function emptied({ ask }: PostgresSession): void {
  const tables =
    "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables WHERE schemaname = 'tongguan' AND tablename NOT IN ('migration', 'revision', 'totals', 'ledger_writer', 'roster', 'leader', 'files')";
  const [named] = ask([{ text: tables, values: [] }]);
  const reset =
    'UPDATE revision SET counts = 0, moves = 0; UPDATE totals SET admitted = 0, duplicates = 0, quarantined = 0, dropped = 0';
  ask([{ text: `TRUNCATE ${String(named?.rows[0]?.[0])} RESTART IDENTITY; ${reset}`, values: [] }]);
}
