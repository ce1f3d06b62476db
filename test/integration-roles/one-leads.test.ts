import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Finding } from '../../bin/doctor/finding.ts';
import { freePort } from '../../bin/up/free-port.ts';
import { type Layout, layoutOf } from '../../bin/up/layout.ts';
import { prepareFleet } from '../../bin/up/prepare-fleet.ts';
import type { CloudStatus } from '../../cloud/status.ts';
import { askReady, untilReady } from '../support/e2e/ready.ts';
import { type RoleProcess, roleProcess } from '../support/e2e/roles.ts';
import { runDry, until } from '../support/e2e/run-dry.ts';
import { traceSet } from '../support/e2e/traces.ts';
import { type Cut, cutBefore } from '../support/postgres/cut.ts';
import { type TestPostgres, testPostgres, whyNoPostgres } from '../support/postgres/server.ts';
import { quietSurroundings } from '../support/quiet-surroundings.ts';

const OVER_SECONDS = 20;
const main = fileURLToPath(new URL('../../dist/bin/main.js', import.meta.url));
const why = whyNoPostgres();

describe.skipIf(why !== undefined)(
  `one leads over PostgreSQL (needs \`make integration\`: ${why ?? 'it runs'})`,
  () => {
    const directory = mkdtempSync(join(tmpdir(), 'tongguan-one-leads-'));
    const traces = traceSet(join(directory, 'traces')).files.slice(-2);
    let server: TestPostgres;
    let scenes = 0;
    let layout: Layout;
    let names: readonly string[];
    let cut: Cut;

    beforeAll(async () => {
      server = await testPostgres();
      await server.start();
    });
    afterAll(async () => {
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    });
    beforeEach(async () => {
      scenes += 1;
      layout = layoutOf(join(directory, `scene-${scenes}`, 'data'));
      const prepared = await prepareFleet(layout, { vehicles: undefined, seed: 'leads', traces }, quietSurroundings());
      if (!prepared.ok) throw new Error(prepared.fault.problem.en);
      names = prepared.value.names;
      mkdirSync(layout.sockets, { recursive: true, mode: 0o700 });
      cut = await cutBefore(server.settings.port);
      onTestFinished(cut.close);
      const { host, database, user, domesticRanges, password } = server.settings;
      writeFileSync(join(layout.root, 'postgres.password'), password ?? '');
      const at = { kind: 'postgres', host, database, user, domesticRanges, schema: `scene_${scenes}` };
      const more = { port: server.settings.port, passwordFile: join(layout.root, 'postgres.password') };
      configure(layout, { ...at, ...more, security: { kind: 'insecure-plaintext' } });
    });

    /** Files as they are now, as a machine of its own would have them. */
    const copyOf = (name: string): Layout => {
      const copy = layoutOf(join(directory, `scene-${scenes}`, name));
      cpSync(layout.root, copy.root, { recursive: true, filter: (from) => !from.endsWith('.sock') });
      mkdirSync(copy.sockets, { recursive: true, mode: 0o700 });
      const file = copy.config('cloud.yaml');
      writeFileSync(file, readFileSync(file, 'utf8').replaceAll(layout.root, copy.root));
      return copy;
    };
    /** @param port - of the server, or of what lies before it */
    const cloud = async (name: string, { of = layout, port = server.settings.port, flags = ['--standby'] } = {}) => {
      const console = await freePort();
      const made = roleProcess(name, [main, 'cloud', '--config', of.config('cloud.yaml'), ...flags], {
        TONGGUAN_CLOUD__MQTT__PORT: String(await freePort()),
        TONGGUAN_CLOUD__CONSOLE__PORT: String(console),
        TONGGUAN_CLOUD__STORES__DATABASE__PORT: String(port),
      });
      onTestFinished(made.kill);
      return { ...made, console };
    };
    const stands = (one: RoleProcess) => one.status<{ standing?: string }>()?.standing === 'by';
    const leads = (one: RoleProcess) => one.status<Partial<CloudStatus>>()?.framesAdmitted !== undefined;
    const ends = (one: RoleProcess, code: string) => until({ one }, () => one.errors().join().includes(`[${code}]`));

    test('two that start at once: one leads, the other stands by; killed, the other leads', async () => {
      const [first, second] = [await cloud('first'), await cloud('second')];
      await Promise.all([first.start(), second.start()]);
      await until({ first, second }, () => [first, second].filter(leads).length === 1);
      const [leader, standby] = leads(first) ? [first, second] : [second, first];
      expect(stands(standby)).toBe(true);
      await leader.kill();
      await until({ first, second }, () => leads(standby));
    }, 240_000);

    test('two machines that start at once with files of their own: one leads, and the other never does', async () => {
      const other = copyOf('elsewhere');
      const [first, second] = [await cloud('first'), await cloud('second', { of: other })];
      // Who comes late finds out before it stands by, and ends.
      await Promise.allSettled([first.start(), second.start()]);
      await until({ first, second }, () => leads(first) || leads(second));
      const [leader, loser] = leads(first) ? [first, second] : [second, first];
      expect(leads(loser)).toBe(false);
      await leader.kill();
      await until({ loser }, () => loser.errors().join().includes('[FILES_NOT_OF_DATABASE]'));
      await leader.start();
      await until({ leader }, () => leads(leader));
      expect(server.psql(`SELECT term FROM scene_${scenes}.leader`)).toBe('2');
    }, 240_000);

    test('who asks is told who leads and who stands by', async () => {
      const [first, second] = [await cloud('first'), await cloud('second')];
      const doctor = (): readonly string[] => {
        const args = [main, 'doctor', '--cloud', layout.config('cloud.yaml'), '--json'];
        const { findings } = JSON.parse(spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout);
        const own = (findings as Finding[]).filter(({ check }) => check === 'database');
        return own.map(({ state, says }) => `${state} ${says.en}`);
      };
      expect(doctor()).toContain('good nobody leads, at least 0 stand(s) by');
      await first.start();
      await until({ first }, () => leads(first));
      await second.start();
      await untilReady([
        [first.console, 200],
        [second.console, 503],
      ]);
      expect(await (await askReady(second.console))?.text()).toContain('standing by');
      expect(doctor()).toEqual(
        expect.arrayContaining([
          `good \`${hostname()}\` leads, at least 0 stand(s) by`,
          'good the files of this machine go with it',
        ]),
      );
      await first.stop();
      await until({ second }, () => leads(second));
      await untilReady([[second.console, 200]]);
      expect(doctor()).toContain(`good \`${hostname()}\` leads, at least 0 stand(s) by`);
    }, 240_000);

    test('another machine with files of another state is found out, whether it stands by or would lead', async () => {
      const first = await cloud('first');
      await first.start();
      await until({ first }, () => leads(first));
      const early = copyOf('data-of-before');
      await first.stop();
      await first.start();
      await until({ first }, () => leads(first));
      const second = await cloud('second', { of: early });
      await expect(second.start()).rejects.toThrow('FILES_NOT_OF_DATABASE');
      await first.kill();
      const third = await cloud('third', { of: early, flags: [] });
      await expect(third.start()).rejects.toThrow('FILES_NOT_OF_DATABASE');
      const adopt = [main, 'migrate', 'files', '--config', early.config('cloud.yaml'), '--json'];
      const adopted = spawnSync(process.execPath, adopt, { encoding: 'utf8' });
      expect(JSON.parse(adopted.stdout)).toMatchObject({ state: 'adopted', files: 1, database: 2 });
      const fourth = await cloud('fourth', { of: early });
      await fourth.start();
      await until({ fourth }, () => leads(fourth));
      await expect((await cloud('fifth')).start()).rejects.toThrow('FILES_NOT_OF_DATABASE');
    }, 240_000);

    test('a leader whose lock is lost ends and says why, and the one that stands by leads', async () => {
      const [first, second] = [await cloud('first', { port: cut.port }), await cloud('second')];
      await first.start();
      await until({ first }, () => leads(first));
      await second.start();
      cut.silence();
      await ends(first, 'LEAD_LOST');
      await until({ first, second }, () => leads(second));
      server.psql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'tongguan-leader%'",
      );
      await ends(second, 'LEAD_LOST');
    }, 240_000);

    test('a commit that nobody answered ends the process; started again it has every frame once', async () => {
      const mqttPort = await freePort();
      const first = roleProcess('first', [main, 'cloud', '--config', layout.config('cloud.yaml')], {
        TONGGUAN_CLOUD__MQTT__PORT: String(mqttPort),
        TONGGUAN_CLOUD__STORES__DATABASE__PORT: String(cut.port),
      });
      const edgeConfigs = names.map((name) => layout.config(`edge/${name}.yaml`));
      const edge = roleProcess('edge', [main, 'edge', '--config', ...edgeConfigs], {
        TONGGUAN_EDGE__UPLINK__URL: `mqtts://127.0.0.1:${mqttPort}`,
      });
      const simArgs = ['--sockets', layout.sockets, '--seed', 'leads', '--over', String(OVER_SECONDS)];
      const sim = roleProcess('sim', [main, 'sim', ...simArgs, '--traces', ...traces]);
      for (const one of [first, edge, sim]) onTestFinished(one.kill);
      const all = { first, edge, sim };
      const admitted = () => first.status<CloudStatus>()?.framesAdmitted ?? 0;
      const commits = () => Number(server.psql(`SELECT commits FROM scene_${scenes}.ledger_writer`));
      await first.start();
      await edge.start();
      await sim.start();
      await until(all, () => admitted() > 0);
      // Other stores commit too: until it was the ledger's.
      let isArmed = false;
      const again = (): void => {
        isArmed = false;
      };
      await until(all, () => {
        if (!isArmed) void cut.swallow('COMMIT\0').then(again);
        isArmed = true;
        return first.errors().join().includes('[LEDGER_BEHIND]');
      });
      expect(commits()).toBeGreaterThan(0);
      await first.kill();
      cut.end();
      await first.start();
      await runDry(all, admitted);
      const sealed = edge.status<{ framesSealed: number }>()?.framesSealed;
      expect(sealed).toBeGreaterThan(0);
      expect(admitted()).toBe(sealed);
      expect(server.psql(`SELECT admitted FROM scene_${scenes}.totals`)).toBe(String(sealed));
      await first.stop();
    }, 300_000);
  },
);

function configure(layout: Layout, database: object): void {
  const file = layout.config('cloud.yaml');
  const read = parse(readFileSync(file, 'utf8'));
  writeFileSync(file, stringify({ ...read, stores: { ...read.stores, database } }));
  const made = spawnSync(process.execPath, [main, 'cloud', '--config', file, '--initialise'], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(made.stderr);
}
