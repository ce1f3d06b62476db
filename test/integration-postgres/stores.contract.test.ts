import { afterAll, beforeAll, describe } from 'vitest';
import { postgresDatabase } from '../../cloud/adapters/sql/postgres-database.ts';
import { transferRegister } from '../../cloud/adapters/sql/transfer-register.ts';
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
      return { open: () => transferRegister(postgresDatabase(opened.session)) };
    },
    6,
  );
});
