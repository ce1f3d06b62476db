import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { CloudConfig } from '../../cloud/config/config.ts';
import { parseExporterConfig } from '../../cloud/exporter/config.ts';

const read = (path: string): string => readFileSync(path, 'utf8');
const UNITS = ['cloud', 'edge', 'exporter'].flatMap((folder) =>
  readdirSync(`deploy/${folder}`)
    .filter((name) => name.endsWith('.service'))
    .map((name) => `deploy/${folder}/${name}`),
);

describe('units of systemd', () => {
  test.each(UNITS)('%s gains no rights, and writes nothing but what it names', (path) => {
    const lines = read(path).split('\n');
    const wanted = [
      'NoNewPrivileges=yes',
      'CapabilityBoundingSet=',
      'ProtectSystem=strict',
      'ProtectHome=yes',
      'PrivateTmp=yes',
    ];
    expect(wanted.filter((line) => !lines.includes(line))).toEqual([]);
    expect(lines.find((line) => line.startsWith('User='))).toMatch(/^User=tongguan-/);
  });

  test('the exporter reaches nobody until an operator names who, and the cloud nobody but this machine', () => {
    const allowed = (path: string) => read(path).match(/^IPAddress\w+=.*$/gm);
    expect(allowed('deploy/exporter/tongguan-exporter.service')).toEqual(['IPAddressDeny=any']);
    const cloud = ['IPAddressDeny=any', 'IPAddressAllow=localhost'];
    expect(allowed('deploy/cloud/tongguan-cloud.service')).toEqual(cloud);
    expect(allowed('deploy/cloud/tongguan-cloud@.service')).toEqual(cloud);
  });
});

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly podSelector?: object;
    readonly policyTypes?: readonly string[];
    readonly egress?: readonly { readonly to?: readonly object[] }[];
    readonly ingress?: readonly object[];
    readonly template?: { readonly spec: { readonly volumes: readonly object[] } };
  };
}

const BASE = 'deploy/kubernetes/base';
const manifests = readdirSync(BASE)
  .filter((name) => name !== 'kustomization.yaml')
  .flatMap((name) => parseAllDocuments(read(join(BASE, name))).map((one) => one.toJS() as Manifest));
const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy');

describe('manifests of Kubernetes', () => {
  test('everything is denied before anything is allowed, and the exporter and consoles reach and are reached by nobody', () => {
    const of = (name: string) => policies.find(({ metadata }) => metadata.name === name)?.spec;
    expect(of('deny-all')).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    expect(of('exporter-to-recipients')?.egress).toEqual([]);
    expect(of('console-to-api')?.ingress).toEqual([]);
  });

  test('nobody has a way out to an address; to other pods only by name and namespace', () => {
    const targets = policies.flatMap(({ spec }) => spec.egress ?? []).map(({ to = [{}] }) => to);
    expect(targets.flat().filter((to) => !Object.keys(to).includes('namespaceSelector'))).toEqual([]);
  });

  test('the exporter mounts what was cleared, and no store of the cloud', () => {
    const exporter = manifests.find(({ kind, metadata }) => kind === 'StatefulSet' && metadata.name === 'exporter');
    const claims = JSON.stringify(exporter?.spec.template?.spec.volumes).match(/"claimName":"\w+"/g);
    expect(claims).toEqual(['"claimName":"exporter"', '"claimName":"border"']);
  });
});

describe('the Compose file', () => {
  const { services, networks, secrets } = parse(read('deploy/compose.yaml')) as Compose;

  test('PostgreSQL runs where its profile is asked for, is reached by the cloud alone, and has no password of ours', () => {
    const { postgres, cloud, exporter } = services;
    expect(postgres).toMatchObject({
      profiles: ['postgres'],
      networks: ['stores'],
      read_only: true,
      cap_drop: ['ALL'],
    });
    expect(postgres?.ports).toBeUndefined();
    expect([cloud?.networks.includes('stores'), exporter?.networks.includes('stores')]).toEqual([true, false]);
    expect(networks['stores']).toEqual({ internal: true });
    expect(Object.keys(postgres?.environment ?? {}).filter((name) => name.includes('PASSWORD'))).toEqual([
      'POSTGRES_PASSWORD_FILE',
    ]);
    expect(Object.values(secrets).filter(({ file }) => !file.startsWith('./site/secrets/'))).toEqual([]);
  });

  test('the database is reached where its configuration says, and over TLS alone', () => {
    const { stores, console } = CloudConfig.parse(parse(read('deploy/postgres/cloud.yaml')));
    expect(stores.database).toMatchObject({ kind: 'postgres', host: 'postgres', security: { kind: 'tls' } });
    expect(console?.port).toBe(8443);
    const lines = read('deploy/postgres/pg_hba.conf')
      .split('\n')
      .filter((line) => /^\w/.test(line));
    expect(lines.map((line) => line.split(/\s+/)[0])).toEqual(['local', 'hostssl']);
  });
});

interface Compose {
  readonly services: Readonly<
    Record<
      string,
      {
        readonly networks: readonly string[];
        readonly ports?: readonly string[];
        readonly environment?: Readonly<Record<string, string>>;
      }
    >
  >;
  readonly networks: Readonly<Record<string, object>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

describe('configurations that are shipped', () => {
  test.each([
    'deploy/cloud/cloud.yaml',
    'deploy/kubernetes/example/cloud.yaml',
    'deploy/kubernetes/example-postgres/cloud.yaml',
    'deploy/postgres/cloud.yaml',
  ])('%s is good, and lets nothing out', (path) => {
    const config = CloudConfig.parse(parse(read(path)));
    expect([config.permits.issue, config.recipients, config.datasets]).toEqual(['never', [], []]);
  });

  test.each(['deploy/exporter/exporter.yaml', 'deploy/kubernetes/example/exporter.yaml'])(
    '%s is good, and names nobody',
    (path) => {
      const config = parseExporterConfig(path, read(path));
      expect(config).toMatchObject({ ok: true, value: { recipients: [] } });
    },
  );
});

test('the package of the cloud brings every library that the product depends on', () => {
  const brought = execFileSync(process.execPath, ['deploy/release/production.mjs'], { encoding: 'utf8' }).split('\n');
  const { dependencies } = JSON.parse(read('package.json')) as { readonly dependencies: Record<string, string> };
  expect(Object.keys(dependencies).filter((name) => !brought.includes(name))).toEqual([]);
});
