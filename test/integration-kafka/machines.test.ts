import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Layout } from '../../bin/up/layout.ts';
import { CloudConfig } from '../../cloud/config/config.ts';
import { exportStores } from '../../cloud/database/export-stores.ts';
import type { CloudStatus } from '../../cloud/status.ts';
import { readConfig } from '../../proto/config/read-config.ts';
import type { Instant } from '../../proto/words/time.ts';
import { compiledProgram } from '../support/compiled.ts';
import { type DrivenFleet, drivenFleet, reconfigure, untilMore } from '../support/e2e/driven-fleet.ts';
import type { RoleProcess } from '../support/e2e/roles.ts';
import { expectWhole, runDry } from '../support/e2e/run-dry.ts';
import { testBroker, whyNoKafka } from '../support/kafka/broker.ts';
import { testKafkaConfig, unwrapped } from '../support/kafka/kafka-world.ts';
import { type TestPostgres, testPostgres, whyNoPostgres } from '../support/postgres/server.ts';

const why = whyNoKafka() ?? whyNoPostgres();

/** What docs/deploying.md says has to be on the machine of a role; nothing else is there. */
const FILES: Readonly<Record<'ingress' | 'classify', readonly string[]>> = {
  ingress: [
    ...['config/cloud.yaml', 'config/policy-fleet.bin', 'config/policy-strict.bin', 'pki/policy.pub'],
    ...['pki/device-authority.pem', 'cloud/server.pem', 'cloud/server.key', 'cloud/keys/transit.pub'],
    'part.password',
  ],
  classify: [
    ...[
      'config/cloud.yaml',
      'cloud/pseudonym.key',
      'cloud/keys/transit.key',
      'cloud/keys/transit.pub',
      'part.password',
    ],
    ...['general', 'personal', 'geographic', 'important', 'quarantine'].map((zone) => `cloud/keys/${zone}.pub`),
  ],
};

/** Rights of the account that both have, as docs/postgres.md has them. */
const GRANTS = `
  CREATE ROLE part LOGIN PASSWORD 'of-a-part';
  GRANT USAGE ON SCHEMA tongguan TO part;
  GRANT SELECT ON tongguan.migration, tongguan.installation, tongguan.roster, tongguan.known_device, tongguan.bundle TO part;
  GRANT INSERT ON tongguan.bundle TO part;`;

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
      server.psql(GRANTS);
    });

    afterAll(async () => {
      for (const close of open.reverse()) await close();
    });

    /** A machine that shares no directory with another. */
    const machine = (name: string, role: 'ingress' | 'classify'): RoleProcess => {
      const { layout } = fleet;
      const root = join(directory, name);
      for (const file of FILES[role]) {
        mkdirSync(dirname(join(root, file)), { recursive: true });
        copyFileSync(join(layout.root, file), join(root, file));
      }
      const config = join(root, 'config/cloud.yaml');
      const { stores, ...rest } = parse(readFileSync(config, 'utf8').replaceAll(layout.root, root));
      const database = { ...stores.database, user: 'part', passwordFile: join(root, 'part.password') };
      writeFileSync(config, stringify({ ...rest, stores: { ...stores, database } }));
      return fleet.cloud(name, ['--role', role], config);
    };

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
        expect(filesBelow(join(directory, name))).toEqual([...FILES[role]].sort());
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

function overBoth(layout: Layout, address: string, { settings }: TestPostgres): void {
  const { host, port, database, user, domesticRanges, password } = settings;
  const passwordFile = join(layout.root, 'postgres.password');
  writeFileSync(passwordFile, password ?? '');
  writeFileSync(join(layout.root, 'part.password'), 'of-a-part');
  const at = { kind: 'postgres', host, port, database, user, domesticRanges, passwordFile };
  reconfigure(layout, ({ stores }) => ({
    recordLog: testKafkaConfig(address, { keys: layout.cloud('keys') }),
    stores: { ...stores, database: { ...at, security: { kind: 'insecure-plaintext' } } },
  }));
}

/** Puts the ledger where one machine has it, to be looked at like one. */
function ledgerAsFile(layout: Layout): void {
  const loaded = unwrapped(readConfig(CloudConfig, layout.config('cloud.yaml'), 'cloud', {}));
  const to = join(layout.root, 'exported');
  mkdirSync(to);
  const program = new URL(`file://${compiledProgram('cloud/adapters/sql/postgres-thread.ts')}`);
  unwrapped(exportStores(loaded, to, { now: () => Date.now() as Instant }, program));
  cpSync(join(to, 'ledger.sqlite'), layout.cloud('stores/ledger.sqlite'));
}

const filesBelow = (directory: string): readonly string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();
