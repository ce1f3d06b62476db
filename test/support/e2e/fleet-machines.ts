import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Layout } from '../../../bin/up/layout.ts';
import { CloudConfig } from '../../../cloud/config/config.ts';
import { exportStores } from '../../../cloud/database/export-stores.ts';
import { readConfig } from '../../../proto/config/read-config.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { compiledProgram } from '../compiled.ts';
import { testKafkaConfig, unwrapped } from '../kafka/kafka-world.ts';
import type { TestPostgres } from '../postgres/server.ts';
import { type DrivenFleet, reconfigure } from './driven-fleet.ts';
import type { RoleProcess } from './roles.ts';

export type MachineRole = 'ingress' | 'classify';

/** What docs/deploying.md says has to be on the machine of a role; nothing else is there. */
export const MACHINE_FILES: Readonly<Record<MachineRole, readonly string[]>> = {
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

/** Has a fleet go on over a broker and a server, with the account of the parts. */
export function overBoth(layout: Layout, broker: string, server: TestPostgres): void {
  const { host, port, database, user, domesticRanges, password } = server.settings;
  const passwordFile = join(layout.root, 'postgres.password');
  writeFileSync(passwordFile, password ?? '');
  writeFileSync(join(layout.root, 'part.password'), 'of-a-part');
  const at = { kind: 'postgres', host, port, database, user, domesticRanges, passwordFile };
  reconfigure(layout, ({ stores }) => ({
    recordLog: testKafkaConfig(broker, { keys: layout.cloud('keys') }),
    stores: { ...stores, database: { ...at, security: { kind: 'insecure-plaintext' } } },
  }));
  server.psql(GRANTS);
}

/**
 * A machine that shares no directory with another.
 *
 * @param root - its directory, made
 */
export function machineOf(
  fleet: DrivenFleet,
  root: string,
  role: MachineRole,
  environment: Readonly<Record<string, string>> = {},
): RoleProcess {
  const { layout } = fleet;
  for (const file of MACHINE_FILES[role]) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    copyFileSync(join(layout.root, file), join(root, file));
  }
  const config = join(root, 'config/cloud.yaml');
  const { stores, ...rest } = parse(readFileSync(config, 'utf8').replaceAll(layout.root, root));
  const database = { ...stores.database, user: 'part', passwordFile: join(root, 'part.password') };
  writeFileSync(config, stringify({ ...rest, stores: { ...stores, database } }));
  return fleet.cloud(`${role} in ${root}`, ['--role', role], config, environment);
}

/** Puts the ledger where one machine has it, to be looked at like one. @returns where all that the database had lies as files */
export function ledgerAsFile(layout: Layout): string {
  const loaded = unwrapped(readConfig(CloudConfig, layout.config('cloud.yaml'), 'cloud', {}));
  const to = join(layout.root, 'exported');
  mkdirSync(to);
  const program = new URL(`file://${compiledProgram('cloud/adapters/sql/postgres-thread.ts')}`);
  unwrapped(exportStores(loaded, to, { now: () => Date.now() as Instant }, program));
  cpSync(join(to, 'ledger.sqlite'), layout.cloud('stores/ledger.sqlite'));
  return to;
}
