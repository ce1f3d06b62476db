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

describe('configurations that are shipped', () => {
  test.each(['deploy/cloud/cloud.yaml', 'deploy/kubernetes/example/cloud.yaml'])(
    '%s is good, and lets nothing out',
    (path) => {
      const config = CloudConfig.parse(parse(read(path)));
      expect([config.permits.issue, config.recipients, config.datasets]).toEqual(['never', [], []]);
    },
  );

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
