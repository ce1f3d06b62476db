import { createHash } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import { postgresConnection } from '../../../cloud/adapters/sql/postgres-connection.ts';
import { postgresDatabase, postgresSession } from '../../../cloud/adapters/sql/postgres-database.ts';
import type { PostgresSettings } from '../../../cloud/adapters/sql/postgres-messages.ts';
import { transferRegister } from '../../../cloud/adapters/sql/transfer-register.ts';
import type { Instant } from '../../../proto/words/time.ts';

/** What one process of a race is told, as JSON in its first argument. */
export interface CountingOrder {
  readonly settings: PostgresSettings;
  readonly name: string;
  readonly transfers: number;
  /** Distinct persons of the year that may be permitted. */
  readonly limit: number;
}

const YEAR = 2026;
/** Persons that are asked for, over and over. */
const POPULATION = 400;
const PERSONS_A_TRANSFER = 7;
const TRIES_MAX = 400;
const PAUSE_MS = 25;

const order = JSON.parse(process.argv[2] ?? '') as CountingOrder;
const connection = postgresConnection(order.settings, { now: () => Date.now() as Instant });
const session = postgresSession(connection);

const digestOf = (person: number): Uint8Array => createHash('md5').update(String(person)).digest();

/** Persons of a transfer, which any process can tell from its id. */
const personsOf = (transferId: string): readonly number[] => {
  const bytes = createHash('sha256').update(transferId).digest();
  const numbers = Array.from({ length: PERSONS_A_TRANSFER }, (_, at) => bytes.readUInt16BE(at * 2) % POPULATION);
  return [...new Set(numbers)];
};

/** Decides as the gate does: counts, a verdict, and a permit that holds only while the counts stand. */
function decide(register: ReturnType<typeof transferRegister>, transferId: string): void {
  if (register.find(transferId) === undefined) {
    const row = {
      transferId,
      requestedAt: 1 as Instant,
      datasetId: 'battery',
      recipientId: 'acme',
      purpose: 'research',
    };
    register.add({ ...row, state: 'requested', persons: 0 });
  }
  while (register.find(transferId)?.state === 'requested') {
    const countedAt = register.counted();
    const persons = personsOf(transferId).map(digestOf);
    const { projected } = register.project({ year: YEAR, kind: 'plain', persons });
    if (projected > order.limit) register.withhold(transferId, persons.length);
    else
      register.permit(
        transferId,
        { year: YEAR, route: 'free-flow', isExempt: false, persons: { plain: persons } },
        countedAt,
      );
  }
}

let register: ReturnType<typeof transferRegister> | undefined;
let faults = 0;
for (let at = 0; at < order.transfers; at += 1) {
  for (let tries = 0; ; tries += 1) {
    try {
      register ??= transferRegister(postgresDatabase(session));
      decide(register, `${order.name}${at}`);
      break;
    } catch (cause) {
      faults += 1;
      if (tries >= TRIES_MAX) throw cause;
      await after(PAUSE_MS);
    }
  }
  process.stdout.write(`${order.name}${at}\n`);
}
process.stderr.write(JSON.stringify({ faults }));
connection.close();
