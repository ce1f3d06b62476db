import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CloudStatus } from '../../cloud/status.ts';
import { type DrivenFleet, drivenFleet, untilMore } from '../support/e2e/driven-fleet.ts';
import { ledgerAsFile, MACHINE_FILES, type MachineRole, machineOf, overBoth } from '../support/e2e/fleet-machines.ts';
import type { RoleProcess } from '../support/e2e/roles.ts';
import { expectWhole, runDry } from '../support/e2e/run-dry.ts';
import { testBroker, whyNoKafka } from '../support/kafka/broker.ts';
import { type TestPostgres, testPostgres, whyNoPostgres } from '../support/postgres/server.ts';

const why = whyNoKafka() ?? whyNoPostgres();

describe.skipIf(why !== undefined)(
  `roles on machines of their own, over Kafka and PostgreSQL (needs \`make integration\`: ${why ?? 'it runs'})`,
  () => {
    const directory = mkdtempSync(join(tmpdir(), 'tongguan-machines-'));
    const open: (() => unknown)[] = [() => rmSync(directory, { recursive: true, force: true })];
    let server: TestPostgres;
    let fleet: DrivenFleet;

    beforeAll(async () => {
      const broker = await testBroker(join(directory, 'broker'));
      open.push(broker.stop);
      await broker.start();
      server = await testPostgres();
      open.push(server.stop);
      await server.start();
      fleet = await drivenFleet(directory, 'machines');
      open.push(fleet.end);
      overBoth(fleet.layout, broker.address, server);
    });

    afterAll(async () => {
      for (const close of open.reverse()) await close();
    });

    const machine = (name: string, role: MachineRole): RoleProcess => machineOf(fleet, join(directory, name), role);

    test('every frame is in the zones of the one that leads once, whoever is killed, and nothing of it lies elsewhere', async () => {
      const { layout, names, edge, sim } = fleet;
      const api = fleet.cloud('api', ['--role', 'api']);
      const ingress = machine('in', 'ingress');
      const [first, second] = [machine('worker-1', 'classify'), machine('worker-2', 'classify')];
      const all = { sim, edge, ingress, first, second, api };
      const admitted = (): number => api.status<CloudStatus>()?.framesAdmitted ?? 0;
      const more = (): Promise<void> => untilMore(all, admitted);
      await api.start();
      await Promise.all([ingress, first, edge].map((one) => one.start()));
      await sim.start();
      await more();
      await second.start();
      await first.kill();
      await more();
      await api.kill();
      await api.start();
      await more();
      await runDry(all, admitted);
      for (const one of [ingress, second, api]) await one.stop();
      expect(Object.values(all).flatMap((one) => one.errors())).toEqual([]);
      ledgerAsFile(layout);
      expectWhole(layout, names);
      for (const [name, role] of [['in', 'ingress'] as const, ['worker-1', 'classify'] as const])
        expect(filesBelow(join(directory, name))).toEqual([...MACHINE_FILES[role]].sort());
      // Who reads the database learns which device belongs to which vehicle from nothing that stands there.
      const vins = names.map((name) => readFileSync(layout.vehicle(name, 'vin'), 'utf8').trim());
      const dump = server.psql(
        "SELECT string_agg(row_to_json(d)::text || encode(vin, 'escape'), '') FROM tongguan.known_device d",
      );
      expect(vins.filter((vin) => dump.includes(vin))).toEqual([]);
      expect(dump.length).toBeGreaterThan(100);
    }, 300_000);
  },
);

const filesBelow = (directory: string): readonly string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();
