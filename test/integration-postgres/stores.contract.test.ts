import { afterAll, beforeAll, describe } from 'vitest';
import {
  postgresLedger,
  postgresParts,
  postgresPolicies,
  postgresPublications,
  postgresRegisters,
  postgresRoster,
  postgresRosterWriter,
  postgresTransferRegister,
} from '../../cloud/adapters/postgres-stores.ts';
import { describeLedger } from '../contract/ledger.contract.ts';
import { describeRoster } from '../contract/roster.contract.ts';
import { describeSharedStores } from '../contract/shared-stores.contract.ts';
import { describeTransferRegister } from '../contract/transfer-register.contract.ts';
import { type TestPostgres, testPostgres, whyNoPostgres } from '../support/postgres/server.ts';
import { emptied, migratedSession } from '../support/postgres/session.ts';

const why = whyNoPostgres();

describe.skipIf(why !== undefined)(`PostgreSQL (needs \`make integration\`: ${why ?? 'it runs'})`, () => {
  let server: TestPostgres;
  let opened: ReturnType<typeof migratedSession>;

  beforeAll(async () => {
    server = await testPostgres();
    await server.start();
    opened = migratedSession(server.settings);
  });

  afterAll(async () => {
    opened.close();
    await server.stop();
  });

  describeTransferRegister(
    'PostgreSQL',
    () => {
      emptied(opened.session);
      return { open: () => postgresTransferRegister(opened.session) };
    },
    6,
  );

  describeLedger('PostgreSQL', () => {
    emptied(opened.session);
    return () => postgresLedger(opened.session);
  });

  describeRoster('PostgreSQL', () => {
    emptied(opened.session);
    return { writer: postgresRosterWriter(opened.session), reader: () => postgresRoster(opened.session) };
  });

  describeSharedStores('PostgreSQL', () => {
    emptied(opened.session);
    return {
      registers: () => postgresRegisters(opened.session),
      policies: () => postgresPolicies(opened.session),
      publications: () => postgresPublications(opened.session),
      parts: () => postgresParts(opened.session),
    };
  });
});
