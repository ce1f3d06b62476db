import { spawn } from 'node:child_process';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { postgresLedger } from '../../cloud/adapters/postgres-stores.ts';
import { openAggregates } from '../../cloud/classification/running-aggregates.ts';
import type { Ledger } from '../../cloud/ports/ledger.ts';
import { RULES, summaryOf } from '../support/classification/summary.ts';
import { compiledProgram } from '../support/compiled.ts';
import { commitsUpTo, type LedgerOrder, stepOf, TOPIC } from '../support/postgres/ledger-steps.ts';
import { type TestPostgres, testPostgres, whyNoPostgres } from '../support/postgres/server.ts';
import { emptied, migratedSession, testSession } from '../support/postgres/session.ts';

const why = whyNoPostgres();
const STEPS = 240;

describe.skipIf(why !== undefined)(
  `the ledger over PostgreSQL (needs \`make integration\`: ${why ?? 'it runs'})`,
  () => {
    let server: TestPostgres;
    let opened: ReturnType<typeof migratedSession>;

    beforeAll(async () => {
      server = await testPostgres();
      await server.start();
      opened = migratedSession(server.settings);
    });
    beforeEach(() => emptied(opened.session));
    afterAll(async () => {
      opened.close();
      await server.stop();
    });

    /** A process that takes steps from where the ledger says it is. @returns whether it came to their end */
    function takeIn(heard: (kill: () => void) => void): Promise<boolean> {
      const order: LedgerOrder = { settings: server.settings, steps: STEPS };
      const program = compiledProgram('test/support/postgres/ledger.program.ts');
      const child = spawn(process.execPath, [program, JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'ignore'] });
      child.stdout.on('data', () => heard(() => child.kill('SIGKILL')));
      return new Promise((resolve) => child.once('exit', (code) => resolve(code === 0)));
    }

    const found = (ledger: Ledger) => ({
      ...{ totals: ledger.totals(), positions: ledger.positions(TOPIC), removed: ledger.removed() },
      counted: summaryOf(openAggregates(RULES, ledger.aggregates)),
    });

    test('processes and the server killed in the middle of it: every step counts once', async () => {
      let [steps, ends] = [0, 0];
      for (let runs = 0; ends === 0 && runs < 40; runs += 1) {
        const at = 12 + ((runs * 17) % 23);
        const isServer = runs % 3 === 2;
        let heard = 0;
        let down: Promise<void> | undefined;
        const isDone = await takeIn((kill) => {
          heard += 1;
          if (heard !== at) return;
          if (isServer) down = server.kill();
          else kill();
        });
        steps += heard;
        if (down !== undefined) {
          await down;
          await server.start();
        }
        if (isDone) ends += 1;
      }
      expect(ends).toBe(1);
      expect(steps).toBeGreaterThan(100);
      const other = testSession(server.settings);
      const memory = commitsUpTo(STEPS);
      expect(found(postgresLedger(other.session))).toEqual(memory);
      other.close();
    }, 240_000);

    test('of two that have it open only the one that came last writes', () => {
      const first = postgresLedger(opened.session);
      const other = testSession(server.settings);
      const aggregates = openAggregates(RULES, first.aggregates);
      first.commit(stepOf(0, first, aggregates));
      const second = postgresLedger(other.session);
      const before = found(second);
      expect(() => first.commit(stepOf(1, first, aggregates))).toThrow('another process writes the ledger');
      expect(found(second)).toEqual(before);
      second.commit(stepOf(1, second, openAggregates(RULES, second.aggregates)));
      expect(() => first.commit(stepOf(1, first, aggregates))).toThrow('another process writes the ledger');
      expect(second.totals().framesAdmitted).toBe(2);
      other.close();
    });

    test('a commit that went through and whose answer was lost is not counted a second time', () => {
      const ledger = postgresLedger(opened.session);
      const aggregates = openAggregates(RULES, ledger.aggregates);
      ledger.commit(stepOf(0, ledger, aggregates));
      // As it is for a process that never heard of its own commit.
      server.psql('UPDATE tongguan.ledger_writer SET commits = commits + 1');
      expect(() => ledger.commit(stepOf(1, ledger, aggregates))).toThrow('its answer was lost');
      expect(postgresLedger(opened.session).totals().framesAdmitted).toBe(1);
    });
  },
);
