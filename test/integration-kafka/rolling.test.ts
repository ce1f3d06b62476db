import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../bin/up/free-port.ts';
import { readPrivate } from '../../cloud/adapters/file-zone-keys.ts';
import { decodeRaw, type RawRecord } from '../../cloud/record-log/raw-record.ts';
import { topicsOf } from '../../cloud/record-log/topics.ts';
import { openForWorkers } from '../../cloud/record-log/transit.ts';
import type { CloudStatus } from '../../cloud/status.ts';
import { balance } from '../support/e2e/balancer.ts';
import { type DrivenFleet, drivenFleet, untilMore } from '../support/e2e/driven-fleet.ts';
import { ledgerAsFile, machineOf, overBoth } from '../support/e2e/fleet-machines.ts';
import { askReady, untilReady } from '../support/e2e/ready.ts';
import { cameTo, replayAlone } from '../support/e2e/replay-alone.ts';
import type { RoleProcess } from '../support/e2e/roles.ts';
import { expectWhole, runDry, until } from '../support/e2e/run-dry.ts';
import { readTopic, type TestBroker, testBroker, whyNoKafka } from '../support/kafka/broker.ts';
import { testKafkaConfig } from '../support/kafka/kafka-world.ts';
import { testPostgres, whyNoPostgres } from '../support/postgres/server.ts';

const why = whyNoKafka() ?? whyNoPostgres();

describe.skipIf(why !== undefined)(
  `every role restarted in turn, over Kafka and PostgreSQL (needs \`make integration\`: ${why ?? 'it runs'})`,
  () => {
    const directory = mkdtempSync(join(tmpdir(), 'tongguan-rolling-'));
    const open: (() => unknown)[] = [() => rmSync(directory, { recursive: true, force: true })];
    let broker: TestBroker;
    let fleet: DrivenFleet;

    beforeAll(async () => {
      broker = await testBroker(join(directory, 'broker'));
      open.push(broker.stop);
      await broker.start();
      const server = await testPostgres();
      open.push(server.stop);
      await server.start();
      fleet = await drivenFleet(directory, 'rolling');
      open.push(fleet.end);
      overBoth(fleet.layout, broker.address, server);
    });

    afterAll(async () => {
      for (const close of open.reverse()) await close();
    });

    const listeningAt = (port: number) => ({ TONGGUAN_CLOUD__MQTT__PORT: String(port) });
    const machine = (name: string, role: 'ingress' | 'classify', port = 0): RoleProcess =>
      machineOf(fleet, join(directory, name), role, listeningAt(port));
    const api = (name: string, port: number): RoleProcess =>
      fleet.cloud(name, ['--role', 'api', '--standby'], undefined, { TONGGUAN_CLOUD__CONSOLE__PORT: String(port) });

    /** What vehicles sent and was acknowledged, as it stands on the topic. */
    const payloads = (): readonly RawRecord[] => {
      const topic = topicsOf(testKafkaConfig(broker.address).prefix).raw;
      const { open: opened } = openForWorkers(readPrivate(fleet.layout.cloud('keys/transit.key'), 'transit'), topic);
      return readTopic(broker.address, topic).map((sealed) => {
        const raw = decodeRaw(opened(sealed) ?? Buffer.alloc(0));
        if (raw === undefined) throw new Error('a record on the topic is nobody’s');
        return raw;
      });
    };

    test('counts and zones are those of one machine, and nothing acknowledged is lost', async () => {
      const { layout, names, edge, sim } = fleet;
      const [near, far] = [await freePort(), await freePort()];
      open.push(await balance(fleet.mqttPort, [near, far]));
      const [north, south] = [machine('north', 'ingress', near), machine('south', 'ingress', far)];
      const [first, second] = [machine('worker-1', 'classify'), machine('worker-2', 'classify')];
      const [east, west] = [await freePort(), await freePort()];
      const [leader, standby] = [api('leader', east), api('standby', west)];
      const all = { sim, edge, north, south, first, second, leader, standby };
      /** Of whichever leads. */
      const admitted = (): number =>
        Math.max(...[leader, standby].map((one) => one.status<Partial<CloudStatus>>()?.framesAdmitted ?? 0));
      const more = (): Promise<void> => untilMore(all, admitted);
      const leads = (one: RoleProcess) => one.status<Partial<CloudStatus>>()?.framesAdmitted !== undefined;
      await leader.start();
      await until(all, () => leads(leader));
      await Promise.all([standby, north, south, first, second, edge].map((one) => one.start()));
      expect(standby.status()).toEqual({ role: 'cloud', part: 'api', standing: 'by' });
      await untilReady([
        [east, 200],
        [west, 503],
      ]);
      expect(await (await askReady(west))?.text()).toContain('standing by');
      await sim.start();
      for (const one of [north, south, first, second]) {
        await more();
        await one.stop();
        await one.start();
      }
      await more();
      await leader.stop();
      await until(all, () => leads(standby));
      await leader.start();
      expect(leader.status()).toEqual({ role: 'cloud', part: 'api', standing: 'by' });
      await untilReady([
        [east, 503],
        [west, 200],
      ]);
      await runDry(all, admitted);
      for (const one of [north, south, first, second, leader, standby]) await one.stop();
      expect([...Object.values(all)].flatMap((one) => one.errors())).toEqual([]);

      const exported = ledgerAsFile(layout);
      expectWhole(layout, names);
      const [here, alone] = [cameTo(layout), replayAlone(layout, exported, payloads(), join(directory, 'alone'))];
      expect(here.totals).toEqual(alone.totals);
      expect(here.vehicles).toEqual(alone.vehicles);
      const own = new Set(here.contents);
      // Trip rows that were released have no sender any more; one machine that takes in and does nothing else has them all.
      const released = alone.contents.filter((one) => !own.has(one));
      expect(released.filter((one) => !one.includes('"kind":"trip"'))).toEqual([]);
      expect(released).toHaveLength(here.nameless);
      expect(here.contents).toEqual(alone.contents.filter((one) => own.has(one)));
    }, 300_000);
  },
);
