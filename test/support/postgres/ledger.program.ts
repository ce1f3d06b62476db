import { ledgerStore } from '../../../cloud/adapters/sql/ledger-store.ts';
import type { LedgerTables } from '../../../cloud/adapters/sql/ledger-tables.ts';
import { postgresConnection } from '../../../cloud/adapters/sql/postgres-connection.ts';
import { postgresDatabase, postgresSession } from '../../../cloud/adapters/sql/postgres-database.ts';
import { openAggregates } from '../../../cloud/classification/running-aggregates.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { RULES } from '../classification/summary.ts';
import { type LedgerOrder, stepOf, TOPIC } from './ledger-steps.ts';

// A process that takes records in: it begins where the ledger says it was, and ends with the first thing that fails.
const { settings, steps } = JSON.parse(process.argv[2] ?? '') as LedgerOrder;
const connection = postgresConnection(settings, { now: () => Date.now() as Instant });
const ledger = ledgerStore(postgresDatabase<LedgerTables>(postgresSession(connection)));
const aggregates = openAggregates(RULES, ledger.aggregates);

async function takeAll(): Promise<void> {
  for (let step = ledger.positions(TOPIC)[0]?.offset ?? 0; step < steps; step += 1) {
    const commit = stepOf(step, ledger, aggregates);
    ledger.commit(commit);
    if (commit.aggregates !== undefined) aggregates.settle(commit.aggregates);
    // Told before the next, so that whoever hears of it kills somewhere in the middle of one.
    await new Promise((resolve) => process.stdout.write(`${step}\n`, resolve));
  }
}

await takeAll();
connection.close();
