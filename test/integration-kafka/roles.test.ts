import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CloudStatus } from '../../cloud/status.ts';
import { type DrivenFleet, drivenFleet, reconfigure, untilMore } from '../support/e2e/driven-fleet.ts';
import type { RoleProcess } from '../support/e2e/roles.ts';
import { expectWhole, runDry } from '../support/e2e/run-dry.ts';
import { testBroker, whyNoKafka } from '../support/kafka/broker.ts';
import { testKafkaConfig } from '../support/kafka/kafka-world.ts';

const why = whyNoKafka();

describe.skipIf(why !== undefined)(
  `roles as processes over Kafka (needs \`make integration\`: ${why ?? 'it runs'})`,
  () => {
    const directory = mkdtempSync(join(tmpdir(), 'tongguan-kafka-roles-'));
    const open: (() => unknown)[] = [() => rmSync(directory, { recursive: true, force: true })];
    let fleet: DrivenFleet;

    beforeAll(async () => {
      const broker = await testBroker(join(directory, 'broker'));
      open.push(broker.stop);
      await broker.start();
      fleet = await drivenFleet(directory, 'roles');
      open.push(fleet.end);
      const { layout } = fleet;
      // As docs/kafka.md has it: the configuration names the brokers, and `--initialise` makes the topics.
      reconfigure(layout, () => ({ recordLog: testKafkaConfig(broker.address, { keys: layout.cloud('keys') }) }));
    });

    afterAll(async () => {
      for (const close of open.reverse()) await close();
    });

    test('roles restarted one after another, workers that join, leave and are killed: every frame is in the zones once', async () => {
      const { layout, names, edge, sim } = fleet;
      const role = (name: string): RoleProcess => fleet.cloud(name, ['--role', name]);
      const [api, ingress] = [role('api'), role('ingress')];
      const [first, second, third] = [role('classify'), role('classify'), role('classify')];
      const all = { sim, edge, ingress, first, second, third, api };
      const admitted = (): number => api.status<CloudStatus>()?.framesAdmitted ?? 0;
      const more = (): Promise<void> => untilMore(all, admitted);
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
