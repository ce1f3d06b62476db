import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { freePort } from '../../bin/up/free-port.ts';
import { type Layout, layoutOf } from '../../bin/up/layout.ts';
import { prepareFleet } from '../../bin/up/prepare-fleet.ts';
import type { CloudStatus } from '../../cloud/status.ts';
import type { FleetStatus } from '../../edge/status.ts';
import { type RoleProcess, roleProcess } from '../support/e2e/roles.ts';
import { ledgerExtents, releasedRows, spoolState, zoneSequences } from '../support/e2e/stores.ts';
import { traceSet } from '../support/e2e/traces.ts';
import { testBroker, whyNoKafka } from '../support/kafka/broker.ts';
import { testKafkaConfig } from '../support/kafka/kafka-world.ts';
import { quietSurroundings } from '../support/quiet-surroundings.ts';

const OVER_SECONDS = 8;
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

    test('what vehicles send is in the zones once, and each role ends when it is asked to', async () => {
      const [api, ingress, first, second] = [role('api'), role('ingress'), role('classify'), role('classify')];
      const edgeConfigs = names.map((name) => layout.config(`edge/${name}.yaml`));
      const edge = roleProcess('edge', [main, 'edge', '--config', ...edgeConfigs], {
        TONGGUAN_EDGE__UPLINK__URL: `mqtts://127.0.0.1:${mqttPort}`,
      });
      const simArgs = ['--sockets', layout.sockets, '--seed', 'roles', '--over', String(OVER_SECONDS)];
      const sim = roleProcess('sim', [main, 'sim', ...simArgs, '--traces', ...traces]);
      open.push(edge.kill, sim.kill);
      await api.start();
      await Promise.all([ingress, first, second, edge].map((one) => one.start()));
      await sim.start();

      const roles = { sim, edge, ingress, first, second, api };
      const admitted = (): number => api.status<CloudStatus>()?.framesAdmitted ?? 0;
      await until(roles, () => admitted() > 0);
      await first.kill();
      await until(roles, () => {
        const fleet = edge.status<FleetStatus>();
        const isSent = sim.status<{ done: boolean }>()?.done === true && fleet?.framesWaiting === 0;
        return isSent && fleet.framesSealed > 0 && admitted() >= fleet.framesSealed;
      });
      for (const one of [sim, edge, ingress, second, api]) await one.stop();
      expect([sim, edge, ingress, second, api].flatMap((one) => one.errors())).toEqual([]);

      const extents = ledgerExtents(layout);
      const zones = zoneSequences(layout);
      let [sealed, absent] = [0, 0];
      for (const name of names) {
        const { epoch, next, waiting } = spoolState(layout, name);
        expect(waiting).toEqual([]);
        expect(extents.get(epoch)).toEqual([[0, next]]);
        const stored = zones.get(epoch) ?? new Map<number, number>();
        expect([...stored.values()].filter((times) => times !== 1)).toEqual([]);
        sealed += next;
        absent += next - stored.size;
      }
      expect(sealed).toBeGreaterThan(100);
      // What is not under its own name any more is a trip row that was released without it.
      expect(absent).toBe(releasedRows(layout));
    }, 300_000);
  },
);

const PATIENCE_MS = 120_000;
const LOOK_EVERY_MS = 100;

/** Waits for what the roles bring about together, and says how far each of them is where that is in vain. */
async function until(roles: Readonly<Record<string, RoleProcess>>, isSo: () => boolean): Promise<void> {
  for (let waited = 0; !isSo(); waited += LOOK_EVERY_MS) {
    const told = Object.entries(roles).map(([name, one]) => [name, one.status(), one.errors()]);
    if (waited > PATIENCE_MS) throw new Error(`waited in vain: ${JSON.stringify(told)}`);
    await after(LOOK_EVERY_MS);
  }
}

/** As docs/kafka.md has it: the configuration names the brokers, and `--initialise` makes the topics. */
function overKafka(layout: Layout, address: string): void {
  const file = layout.config('cloud.yaml');
  const recordLog = testKafkaConfig(address, { keys: layout.cloud('keys') });
  writeFileSync(file, stringify({ ...parse(readFileSync(file, 'utf8')), recordLog }));
  const made = spawnSync(process.execPath, [main, 'cloud', '--config', file, '--initialise'], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(made.stderr);
}
