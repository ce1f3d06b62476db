import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type PostgresLeadership, postgresLeadership } from '../../cloud/adapters/postgres-leadership.ts';
import type { PostgresSettings } from '../../cloud/adapters/sql/postgres-messages.ts';
import { leadershipContract } from '../contract/leadership.contract.ts';
import { leadChild } from '../support/cloud/lead-child.ts';
import { compiledProgram } from '../support/compiled.ts';
import { cutBefore } from '../support/postgres/cut.ts';
import { type TestPostgres, testPostgres, whyNoPostgres } from '../support/postgres/server.ts';

const why = whyNoPostgres();
const ASKS_MAX = 600;

describe.skipIf(why !== undefined)(
  `leadership over PostgreSQL (needs \`make integration\`: ${why ?? 'it runs'})`,
  () => {
    let server: TestPostgres;
    beforeAll(async () => {
      server = await testPostgres();
      await server.start();
    });
    afterAll(() => server.stop());

    const open = (more: Partial<PostgresSettings> = {}): PostgresLeadership => {
      const program = pathToFileURL(compiledProgram('cloud/adapters/sql/lock-thread.ts'));
      const opened = postgresLeadership({ ...server.settings, ...more }, program);
      onTestFinished(opened.close);
      return opened;
    };
    const TERMINATE =
      "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = 1 AND granted";

    leadershipContract('a lock of PostgreSQL', async () => {
      const kills: (() => Promise<void>)[] = [];
      return {
        open,
        takeAway: async () => void server.psql(TERMINATE),
        spawn: () => {
          const child = leadChild(JSON.stringify(server.settings));
          kills.push(child.kill);
          return child;
        },
        close: async () => {
          for (const kill of kills) await kill();
        },
      };
    });

    /** Time and again while the server does not answer: a machine that has much else to do is slow. */
    const answered = async (leadership: PostgresLeadership) => {
      for (let asked = 0; ; asked += 1) {
        try {
          return await leadership.take();
        } catch (cause) {
          if (asked > ASKS_MAX) throw cause;
          await pause();
        }
      }
    };
    const ledBy = async (leadership: PostgresLeadership) => {
      for (;;) {
        const lead = await answered(leadership);
        if (lead !== undefined) return lead;
        await pause();
      }
    };
    const pause = () => new Promise((resolve) => setTimeout(resolve, 50));

    test('of many that ask at once one leads', async () => {
      const taken = await Promise.all(Array.from({ length: 5 }, () => answered(open())));
      const leads = taken.filter((one) => one !== undefined);
      expect(leads).toHaveLength(1);
      await leads[0]?.release();
    });

    test('installations of one database lead beside each other', async () => {
      const [one, other] = [await ledBy(open()), await ledBy(open({ schema: 'elsewhere' }))];
      expect([one.isHeld(), other.isHeld()]).toEqual([true, true]);
      await one.release();
      await other.release();
    });

    test('a connection that is cut ends the lead, and says why; the server lets the next one have it', async () => {
      const cut = await cutBefore(server.settings.port);
      onTestFinished(cut.close);
      const lead = await ledBy(open({ port: cut.port }));
      cut.end();
      expect(await lead.lost).toMatchObject({ code: 'LEAD_LOST' });
      expect(lead.isHeld()).toBe(false);
      await (await ledBy(open())).release();
    });

    test('a network that says nothing any more ends the lead too, before the server gives the lock to another', async () => {
      const cut = await cutBefore(server.settings.port);
      onTestFinished(cut.close);
      const lead = await ledBy(open({ port: cut.port }));
      const other = open();
      cut.silence();
      const next = ledBy(other).then(async (taken) => {
        const wasHeld = lead.isHeld();
        await taken.release();
        return wasHeld;
      });
      expect((await lead.lost).problem.en).toContain('no answer within');
      expect(await next).toBe(false);
    }, 120_000);

    test('a server that is started anew has no lock of before: the lead is lost, and somebody leads again', async () => {
      const [first, second] = [open(), open()];
      const lead = await ledBy(first);
      expect(await answered(second)).toBeUndefined();
      await server.kill();
      expect(await lead.lost).toMatchObject({ code: 'LEAD_LOST' });
      await expect(second.take()).rejects.toThrow();
      await server.start();
      const next = await ledBy(second);
      expect(await answered(first)).toBeUndefined();
      await next.release();
    }, 120_000);
  },
);
