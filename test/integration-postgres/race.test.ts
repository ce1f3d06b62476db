import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postgresDatabase } from '../../cloud/adapters/sql/postgres-database.ts';
import { transferRegister } from '../../cloud/adapters/sql/transfer-register.ts';
import { compiledProgram } from '../support/compiled.ts';
import type { CountingOrder } from '../support/postgres/counting.program.ts';
import { type TestPostgres, testPostgres, whyNoPostgres } from '../support/postgres/server.ts';
import { emptied, migratedSession } from '../support/postgres/session.ts';

const why = whyNoPostgres();
const LIMIT = 120;

describe.skipIf(why !== undefined)(
  `several clouds over one PostgreSQL (needs \`make integration\`: ${why ?? 'it runs'})`,
  () => {
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

    function run(name: string, transfers: number, heard: () => void) {
      const order: CountingOrder = { settings: server.settings, name, transfers, limit: LIMIT };
      const program = compiledProgram('test/support/postgres/counting.program.ts');
      const child = spawn(process.execPath, [program, JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'pipe'] });
      child.stdout.on('data', heard);
      let said = '';
      child.stderr.on('data', (text) => {
        said += text;
      });
      return new Promise<string>((resolve, reject) => {
        child.once('exit', (code) => (code === 0 ? resolve(said) : reject(new Error(said))));
      });
    }

    /** What stands in the tables, counted without any of our code. */
    const counted = (): { readonly persons: number; readonly undecided: number; readonly permitted: number } => ({
      persons: Number(
        server.psql(`SELECT count(DISTINCT substring(persons FROM 4 * n + 1 FOR 4)) FROM tongguan.holding,
        generate_series(0, length(persons) / 4 - 1) AS n WHERE year = 2026 AND kind = 'plain'`),
      ),
      undecided: Number(server.psql("SELECT count(*) FROM tongguan.transfer WHERE state = 'requested'")),
      permitted: Number(server.psql("SELECT count(*) FROM tongguan.transfer WHERE state = 'permitted'")),
    });

    function expectExact(transfers: number): void {
      const { persons, undecided, permitted } = counted();
      expect(undecided).toBe(0);
      expect(permitted).toBeGreaterThan(10);
      expect(persons).toBeLessThanOrEqual(LIMIT);
      // So near to the limit that the last places were wanted by everybody.
      expect(persons).toBeGreaterThan(LIMIT - 8);
      const register = transferRegister(postgresDatabase(opened.session));
      expect(register.totals(2026, 'plain').all).toBe(persons);
      expect(register.list()).toHaveLength(transfers);
      const digests = Number(server.psql('SELECT coalesce(sum(length(digests)), 0) / 16 FROM tongguan.persons'));
      expect(digests).toBe(persons);
    }

    test('three that want the last places together never take more than there are', async () => {
      emptied(opened.session);
      const said = await Promise.all(['a', 'b', 'c'].map((name) => run(name, 60, () => undefined)));
      expectExact(180);
      expect(said.every((one) => one === '{"faults":0}')).toBe(true);
    });

    test('the server is killed again and again while they count: what was answered stands, and counts are exact', async () => {
      emptied(opened.session);
      const answered: number[] = [];
      const running = Promise.all(['a', 'b'].map((name) => run(name, 60, () => answered.push(1))));
      let isOver = false;
      void running.finally(() => {
        isOver = true;
      });
      let kills = 0;
      for (const at of [5, 25, 60]) {
        while (answered.length < at && !isOver) await new Promise((resolve) => setTimeout(resolve, 5));
        await server.kill();
        kills += 1;
        await server.start();
      }
      const said = (await running).map((one) => (JSON.parse(one) as { faults: number }).faults);
      expect(kills).toBe(3);
      expect(said.every((faults) => faults > 0)).toBe(true);
      expectExact(120);
    });
  },
);
