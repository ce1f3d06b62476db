import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { postgresDatabase } from '../../cloud/adapters/sql/postgres-database.ts';
import type { PostgresSettings } from '../../cloud/adapters/sql/postgres-messages.ts';
import { checkSchema, migrate } from '../../cloud/adapters/sql/postgres-migrations.ts';
import { MIGRATIONS } from '../../cloud/adapters/sql/postgres-schema.table.ts';
import { transferRegister } from '../../cloud/adapters/sql/transfer-register.ts';
import type { Instant } from '../../proto/words/time.ts';
import { type TestPostgres, testPostgres, whyNoPostgres } from '../support/postgres/server.ts';
import { migratedSession, testSession } from '../support/postgres/session.ts';

const why = whyNoPostgres();
const clock = { now: () => 7 as Instant };

describe.skipIf(why !== undefined)(
  `PostgreSQL that is not as it should be (needs \`make integration\`: ${why ?? 'it runs'})`,
  () => {
    let server: TestPostgres;

    beforeAll(async () => {
      server = await testPostgres();
      await server.start();
      migratedSession(server.settings).close();
    });
    afterAll(() => server.stop());

    const open = (more: Partial<PostgresSettings> = {}) => {
      const opened = testSession({ ...server.settings, ...more });
      onTestFinished(opened.close);
      return opened.session;
    };
    const asked = (more: Partial<PostgresSettings>) => () => open(more).ask([{ text: 'SELECT 1', values: [] }]);
    const codeOf = (work: () => unknown): unknown => {
      try {
        work();
        return undefined;
      } catch (cause) {
        return (cause as { failure?: { code: string } }).failure?.code;
      }
    };

    test('a server that does not flush its commits is not written to', () => {
      for (const setting of ['off', 'local', 'remote_write']) {
        server.psql(`ALTER ROLE tongguan SET synchronous_commit = ${setting}`);
        expect(codeOf(asked({}))).toBe('not-durable');
      }
      server.psql('ALTER ROLE tongguan RESET synchronous_commit');
      expect(codeOf(asked({}))).toBeUndefined();
    });

    test('an address in none of the ranges is not connected to, and neither is a name that leads to one', () => {
      expect(codeOf(asked({ domesticRanges: [] }))).toBe('not-domestic');
      expect(codeOf(asked({ domesticRanges: ['10.0.0.0/8'] }))).toBe('not-domestic');
      expect(codeOf(asked({ host: 'localhost', domesticRanges: ['10.0.0.0/8'] }))).toBe('not-domestic');
    });

    test('a password that is wrong and a database that is not there say so, and nothing of either is in the text', () => {
      expect(codeOf(asked({ password: 'another' }))).toBe('28P01');
      expect(codeOf(asked({ database: 'nowhere' }))).toBe('3D000');
      expect(asked({ password: 'another' })).not.toThrow(/another/);
    });

    test('a server without TLS is not spoken to where TLS is configured', () => {
      expect(asked({ tls: { ca: '' } })).toThrow(/SSL/);
    });

    test('tables of a newer version, an older one and another build are refused', () => {
      const session = open();
      expect(checkSchema(session).ok).toBe(true);
      const code = (migrations: typeof MIGRATIONS) => {
        const checked = checkSchema(session, migrations);
        return checked.ok ? undefined : checked.fault.code;
      };
      expect(code(MIGRATIONS.slice(0, -1))).toBe('DATABASE_NEWER');
      expect(code([...MIGRATIONS, { number: 99, title: 'later', text: '' }])).toBe('DATABASE_OLDER');
      expect(code(MIGRATIONS.map((one) => ({ ...one, text: `${one.text} ` })))).toBe('DATABASE_OTHER_SCHEMA');
      const other = open({ schema: 'elsewhere' });
      expect(checkSchema(other)).toMatchObject({ fault: { code: 'DATABASE_NOT_INITIALISED' } });
      expect(migrate(session, server.settings.schema, clock)).toEqual({ ok: true, value: [] });
    });

    test('a statement that is late is a fault, and the next is asked of a new connection', () => {
      const session = open();
      expect(codeOf(() => session.ask([{ text: 'SELECT pg_sleep(30)', values: [] }]))).toBe('57014');
      expect(session.ask([{ text: 'SELECT 5::int', values: [] }])[0]?.rows).toEqual([[5]]);
    });

    test('a transaction whose connection is gone is over, and nothing of it stands', () => {
      const session = open();
      const register = transferRegister(postgresDatabase(session));
      const rows = { datasetId: 'd', recipientId: 'r', purpose: 'p', state: 'requested', persons: 0 } as const;
      expect(() =>
        session.transaction(() => {
          register.add({ transferId: 'torn', requestedAt: 1 as Instant, ...rows });
          expect(register.find('torn')).toBeDefined();
          server.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tongguan'");
          register.find('torn');
        }),
      ).toThrow(/PostgreSQL/);
      const again = transferRegister(postgresDatabase(open()));
      expect(again.find('torn')).toBeUndefined();
    });

    test('who throws undoes, and two that write the same row take turns', () => {
      const [one, other] = [open(), open()];
      const bump = { text: 'UPDATE revision SET moves = moves + 1 RETURNING moves', values: [] };
      const movesNow = () => Number(one.ask([{ text: 'SELECT moves FROM revision', values: [] }])[0]?.rows[0]?.[0]);
      const before = movesNow();
      expect(() =>
        one.transaction(() => {
          one.ask([bump]);
          throw new Error('changed my mind');
        }),
      ).toThrow('changed my mind');
      expect(movesNow()).toBe(before);
      let tries = 0;
      one.transaction(() => {
        tries += 1;
        one.ask([{ text: 'SELECT moves FROM revision', values: [] }]);
        // It came between, once.
        if (tries === 1) other.ask([bump]);
        one.ask([bump]);
      });
      expect([tries, movesNow()]).toEqual([2, before + 2]);
    });
  },
);
