import { spawnSync } from 'node:child_process';
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
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { freePort } from '../../bin/up/free-port.ts';
import { type Layout, layoutOf } from '../../bin/up/layout.ts';
import { prepareFleet } from '../../bin/up/prepare-fleet.ts';
import { CloudConfig } from '../../cloud/config/config.ts';
import { exportStores } from '../../cloud/database/export-stores.ts';
import type { CloudStatus } from '../../cloud/status.ts';
import { readConfig } from '../../proto/config/read-config.ts';
import type { Instant } from '../../proto/words/time.ts';
import { compiledProgram } from '../support/compiled.ts';
import { type RoleProcess, roleProcess } from '../support/e2e/roles.ts';
import { expectWhole, runDry, until } from '../support/e2e/run-dry.ts';
import { traceSet } from '../support/e2e/traces.ts';
import { testBroker, whyNoKafka } from '../support/kafka/broker.ts';
import { testKafkaConfig, unwrapped } from '../support/kafka/kafka-world.ts';
import { type TestPostgres, testPostgres, whyNoPostgres } from '../support/postgres/server.ts';
import { quietSurroundings } from '../support/quiet-surroundings.ts';

const OVER_SECONDS = 20;
const main = fileURLToPath(new URL('../../dist/bin/main.js', import.meta.url));
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
    const layout = layoutOf(join(directory, 'leads'));
    const open: (() => unknown)[] = [() => rmSync(directory, { recursive: true, force: true })];
    const traces = traceSet(join(directory, 'traces')).files.slice(-3);
    let server: TestPostgres;
    let names: readonly string[];
    let mqttPort: number;

    beforeAll(async () => {
      const broker = await testBroker(join(directory, 'broker'));
      await broker.start();
      open.push(broker.stop);
      server = await testPostgres();
      await server.start();
      open.push(server.stop);
      const prepared = await prepareFleet(
        layout,
        { vehicles: undefined, seed: 'machines', traces },
        quietSurroundings(),
      );
      if (!prepared.ok) throw new Error(prepared.fault.problem.en);
      names = prepared.value.names;
      mqttPort = await freePort();
      mkdirSync(layout.sockets, { recursive: true, mode: 0o700 });
      configure(layout, broker.address, server);
      server.psql(GRANTS);
    });

    afterAll(async () => {
      for (const close of open.reverse()) await close();
    });

    const cloudAs = (name: string, role: string, config: string): RoleProcess => {
      const args = [main, 'cloud', '--config', config, '--role', role];
      const made = roleProcess(name, args, { TONGGUAN_CLOUD__MQTT__PORT: String(mqttPort) });
      open.push(made.kill);
      return made;
    };

    /** A machine that shares no directory with another. */
    const machine = (name: string, role: 'ingress' | 'classify'): RoleProcess => {
      const root = join(directory, name);
      for (const file of FILES[role]) {
        mkdirSync(dirname(join(root, file)), { recursive: true });
        copyFileSync(join(layout.root, file), join(root, file));
      }
      const config = join(root, 'config/cloud.yaml');
      const { stores, ...rest } = parse(readFileSync(config, 'utf8').replaceAll(layout.root, root));
      const database = { ...stores.database, user: 'part', passwordFile: join(root, 'part.password') };
      writeFileSync(config, stringify({ ...rest, stores: { ...stores, database } }));
      return cloudAs(name, role, config);
    };

    test('every frame is in the zones of the one that leads once, whoever is killed, and nothing of it lies elsewhere', async () => {
      const api = cloudAs('api', 'api', layout.config('cloud.yaml'));
      const [ingress, first, second] = [
        machine('in', 'ingress'),
        machine('worker-1', 'classify'),
        machine('worker-2', 'classify'),
      ];
      const edgeConfigs = names.map((name) => layout.config(`edge/${name}.yaml`));
      const edge = roleProcess('edge', [main, 'edge', '--config', ...edgeConfigs], {
        TONGGUAN_EDGE__UPLINK__URL: `mqtts://127.0.0.1:${mqttPort}`,
      });
      const simArgs = ['--sockets', layout.sockets, '--seed', 'machines', '--over', String(OVER_SECONDS)];
      const sim = roleProcess('sim', [main, 'sim', ...simArgs, '--traces', ...traces]);
      open.push(edge.kill, sim.kill);
      const all = { sim, edge, ingress, first, second, api };
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

function configure(layout: Layout, address: string, { settings }: TestPostgres): void {
  const file = layout.config('cloud.yaml');
  const recordLog = testKafkaConfig(address, { keys: layout.cloud('keys') });
  const { host, port, database, user, domesticRanges, password } = settings;
  const passwordFile = join(layout.root, 'postgres.password');
  writeFileSync(passwordFile, password ?? '');
  writeFileSync(join(layout.root, 'part.password'), 'of-a-part');
  const read = parse(readFileSync(file, 'utf8'));
  const at = { kind: 'postgres', host, port, database, user, domesticRanges, passwordFile };
  const stores = { ...read.stores, database: { ...at, security: { kind: 'insecure-plaintext' } } };
  writeFileSync(file, stringify({ ...read, recordLog, stores }));
  const made = spawnSync(process.execPath, [main, 'cloud', '--config', file, '--initialise'], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(made.stderr);
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
