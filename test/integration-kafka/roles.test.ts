import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { freePort } from '../../bin/up/free-port.ts';
import { type Layout, layoutOf } from '../../bin/up/layout.ts';
import { prepareFleet } from '../../bin/up/prepare-fleet.ts';
import type { CloudStatus } from '../../cloud/status.ts';
import { type RoleProcess, roleProcess } from '../support/e2e/roles.ts';
import { expectWhole, runDry, until } from '../support/e2e/run-dry.ts';
import { traceSet } from '../support/e2e/traces.ts';
import { testBroker, whyNoKafka } from '../support/kafka/broker.ts';
import { testKafkaConfig } from '../support/kafka/kafka-world.ts';
import { quietSurroundings } from '../support/quiet-surroundings.ts';

const OVER_SECONDS = 20;
const main = fileURLToPath(new URL('../../dist/bin/main.js', import.meta.url));
const why = whyNoKafka();

describe.skipIf(why !== undefined)(
  `roles as processes over Kafka (needs \`make integration\`: ${why ?? 'it runs'})`,
  () => {
    const directory = mkdtempSync(join(tmpdir(), 'tongguan-kafka-roles-'));
    const layout = layoutOf(join(directory, 'data'));
    const open: (() => unknown)[] = [() => rmSync(directory, { recursive: true, force: true })];
    // Three vehicles, or the forty that are made up where there are no traces.
    const traces = traceSet(join(directory, 'traces')).files.slice(-3);
    let names: readonly string[];
    let mqttPort: number;

    const role = (name: string): RoleProcess => {
      const args = [main, 'cloud', '--config', layout.config('cloud.yaml'), '--role', name];
      const made = roleProcess(name, args, { TONGGUAN_CLOUD__MQTT__PORT: String(mqttPort) });
      open.push(made.kill);
      return made;
    };

    beforeAll(async () => {
      const broker = await testBroker(join(directory, 'broker'));
      await broker.start();
      open.push(broker.stop);
      const prepared = await prepareFleet(layout, { vehicles: undefined, seed: 'roles', traces }, quietSurroundings());
      if (!prepared.ok) throw new Error(prepared.fault.problem.en);
      names = prepared.value.names;
      mqttPort = await freePort();
      mkdirSync(layout.sockets, { recursive: true, mode: 0o700 });
      overKafka(layout, broker.address);
    });

    afterAll(async () => {
      for (const close of open.reverse()) await close();
    });

    test('roles restarted one after another, workers that join, leave and are killed: every frame is in the zones once', async () => {
      const [api, ingress] = [role('api'), role('ingress')];
      const workers = [role('classify'), role('classify'), role('classify')] as const;
      const [first, second, third] = workers;
      const edgeConfigs = names.map((name) => layout.config(`edge/${name}.yaml`));
      const edge = roleProcess('edge', [main, 'edge', '--config', ...edgeConfigs], {
        TONGGUAN_EDGE__UPLINK__URL: `mqtts://127.0.0.1:${mqttPort}`,
      });
      const simArgs = ['--sockets', layout.sockets, '--seed', 'roles', '--over', String(OVER_SECONDS)];
      const sim = roleProcess('sim', [main, 'sim', ...simArgs, '--traces', ...traces]);
      open.push(edge.kill, sim.kill);
      const all = { sim, edge, ingress, first, second, third, api };
      const admitted = (): number => api.status<CloudStatus>()?.framesAdmitted ?? 0;
      const more = async (): Promise<void> => {
        const before = admitted();
        await until(all, () => admitted() > before || sim.status<{ done: boolean }>()?.done === true);
      };
      await api.start();
      await Promise.all([ingress, first, edge].map((one) => one.start()));
      await sim.start();
      await more();
      await second.start();
      await first.kill();
      await more();
      await third.start();
      await ingress.stop();
      await ingress.start();
      await more();
      await second.stop();
      await api.stop();
      await api.start();
      await more();
      await first.start();
      await third.stop();
      await runDry(all, admitted);
      for (const one of [ingress, first, api]) await one.stop();
      expect(Object.values(all).flatMap((one) => one.errors())).toEqual([]);
      expectWhole(layout, names);
    }, 300_000);
  },
);

/** As docs/kafka.md has it: the configuration names the brokers, and `--initialise` makes the topics. */
function overKafka(layout: Layout, address: string): void {
  const file = layout.config('cloud.yaml');
  const recordLog = testKafkaConfig(address, { keys: layout.cloud('keys') });
  writeFileSync(file, stringify({ ...parse(readFileSync(file, 'utf8')), recordLog }));
  const made = spawnSync(process.execPath, [main, 'cloud', '--config', file, '--initialise'], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(made.stderr);
}
