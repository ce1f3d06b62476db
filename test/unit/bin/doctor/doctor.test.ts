import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { examine, patientsOf } from '../../../../bin/doctor/doctor.ts';
import { checkEndpoint } from '../../../../bin/doctor/endpoints.ts';
import { CHECKS, type Finding } from '../../../../bin/doctor/finding.ts';
import type { Machine } from '../../../../bin/doctor/machine.ts';
import { layoutOf } from '../../../../bin/up/layout.ts';
import { provision } from '../../../../bin/up/provision.ts';
import { planFleet } from '../../../../firmware-sim/fleet.ts';
import { DAY_MS, type Instant } from '../../../../proto/words/time.ts';

const NOW = Date.UTC(2026, 10, 22) as Instant;

const MACHINE: Machine = {
  ...{ nodeVersion: '20.20.2', now: NOW, openFilesMax: 65_536, freeBytes: 4e9, synchronised: 'yes' },
  load: () => '3.53.2',
};

const amiss = (findings: readonly Finding[]): readonly string[] =>
  findings
    .filter(({ state }) => state !== 'good')
    .map(({ state, check, about }) => `${state} ${check} ${about}`.trim());

describe('an installation', () => {
  let root: string;
  const kept: [file: string, content: Buffer][] = [];
  const look = (now: Instant = NOW) => examine(patientsOf(root), { environment: {}, machine: MACHINE, now });
  const at = (file: string): string => join(root, file);
  /** Changes a file for one test. */
  const change = (file: string, to: (text: string) => string): void => {
    kept.push([at(file), readFileSync(at(file))]);
    writeFileSync(at(file), to(readFileSync(at(file), 'utf8')));
  };
  const putBack = (): void => {
    for (const [file, content] of kept.splice(0)) writeFileSync(file, content);
  };

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'doctor-'));
    const fleet = planFleet({ vehicles: 1, seed: 'doctor', traces: [] });
    await provision(layoutOf(root), fleet, { now: () => NOW });
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test('as `up` makes it has nothing amiss, and every finding is of a check that is explained', async () => {
    const findings = await look();
    // What is free on a disk is not ours.
    expect(amiss(findings).filter((line) => !line.includes(' disk '))).toEqual([]);
    expect(findings.filter(({ check }) => !CHECKS.includes(check))).toEqual([]);
    const explained = readFileSync(new URL('../../../../docs/doctor.md', import.meta.url), 'utf8');
    expect(CHECKS.filter((check) => !explained.includes(`\`${check}\``))).toEqual([]);
  });

  test('a key that others may read', async () => {
    chmodSync(at('cloud/permit.key'), 0o644);
    expect(amiss(await look())).toContain('bad key-permissions cloud border.permitKeyFile');
    chmodSync(at('cloud/permit.key'), 0o600);
  });

  test('certificates that end soon, have ended, or have not begun', async () => {
    const ofServer = async (now: number) =>
      (await look(now as Instant)).find(
        ({ check, about }) => check === 'certificate-expiry' && about === 'cloud mqtt.certificateFile',
      )?.state;
    expect(await ofServer(NOW + 340 * DAY_MS)).toBe('warning');
    expect(await ofServer(NOW + 400 * DAY_MS)).toBe('bad');
    expect(await ofServer(NOW - 400 * DAY_MS)).toBe('bad');
  });

  test('a key of another certificate, and an authority that signed nothing of it', async () => {
    change('config/exporter.yaml', (text) => text.replace(/client\.key/, 'other.key'));
    copyFileSync(at('recipient/server.key'), at('exporter/other.key'));
    expect(amiss(await look())).toContain('bad key-pair exporter tls.certificateFile');
    putBack();
    const edge = await examine({ edge: at('config/edge/v0001.yaml') }, { environment: {}, machine: MACHINE, now: NOW });
    expect(amiss(edge).filter((line) => line.includes('chain'))).toEqual([]);
  });

  test('a head of a log that was changed', async () => {
    change('cloud/log/operations/checkpoint', (text) => text.replace(/\n0\n/, '\n7\n'));
    expect(amiss(await look())).toEqual(
      expect.arrayContaining([expect.stringMatching(/bad log-head cloud .*operations/)]),
    );
    putBack();
  });

  test('rows of the operator that a start of the cloud would refuse', async () => {
    writeFileSync(at('config/own-rows.yaml'), 'nothing: of that kind\n');
    const named = (key: string) => `${key}:\n  operatorFile: own-rows.yaml\n`;
    for (const key of ['catalogue', 'rules']) {
      change('config/cloud.yaml', (text) => `${text}${named(key)}`);
      expect(amiss(await look()), key).toContain('bad config cloud');
      putBack();
    }
    expect(amiss(await look())).not.toContain('bad config cloud');
  });

  test('without a recipient, as an empty start is, nothing is said of one', async () => {
    change('config/receiver.yaml', (text) => text);
    rmSync(at('config/receiver.yaml'));
    expect(amiss(await look()).filter((line) => line.includes('config'))).toEqual([]);
    putBack();
  });

  test('a border whose two sides differ by a letter', async () => {
    change('config/exporter.yaml', (text) => text.replace(/https:\/\/127\.0\.0\.1:/, 'https://localhost:'));
    expect(amiss(await look())).toContain('bad border-pair recipients.example-battery-lab');
    putBack();
  });

  test('a configuration with a mistake, a port that is taken and a directory that is gone', async () => {
    change('config/receiver.yaml', (text) => `${text}mistake: 1\n`);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    change('config/cloud.yaml', (text) => text.replace(/(console:\n(?: .*\n)*? {2}port: )\d+/, `$1${port}`));
    change('config/exporter.yaml', (text) => text.replace(/(capture:\n {2}directory: \S*)captures/, '$1gone'));
    const found = amiss(await look());
    expect(found).toEqual(
      expect.arrayContaining(['bad config receiver', `bad port cloud console ${port}`, 'bad capture-space exporter']),
    );
    putBack();
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('a machine', () => {
  const with_ = (change: Partial<Machine>) =>
    examine({}, { environment: {}, now: NOW, machine: { ...MACHINE, ...change } }).then(amiss);

  test.each<[string, Partial<Machine>, string]>([
    ['an old Node', { nodeVersion: '20.18.0' }, 'bad node'],
    ['little memory', { freeBytes: 1e8 }, 'warning memory'],
    ['few open files', { openFilesMax: 1_024 }, 'warning open-files'],
    ['a machine that does not say how many', { openFilesMax: undefined }, 'unknown open-files'],
    ['a clock of 1970', { now: 0 as Instant }, 'bad clock'],
    ['a clock nobody keeps', { synchronised: 'no' }, 'warning time-sync'],
    ['a clock of which nothing is known', { synchronised: undefined }, 'unknown time-sync'],
  ])('%s', async (_, change, wanted) => {
    expect(await with_(change)).toEqual([wanted]);
  });

  test('packages that do not load', async () => {
    const load = (): string => {
      throw new Error('no binding');
    };
    expect(await with_({ load })).toEqual(['bad sqlite sqlite', 'bad argon2 @node-rs/argon2', 'warning sharp sharp']);
  });
});

describe('where data is sent past the gate', () => {
  const judge = (host: string, resolve?: (name: string) => Promise<readonly string[]>) =>
    checkEndpoint({ key: 'log.witnesses', host }, ['203.0.113.0/24'], resolve).then(({ state }) => state);

  test('at home, abroad, and not known: only the first is good', async () => {
    expect(await judge('203.0.113.9')).toBe('good');
    expect(await judge('127.0.0.1')).toBe('good');
    expect(await judge('198.51.100.1')).toBe('bad');
    expect(await judge('collector.example')).toBe('unknown');
    expect(await judge('collector.example', async () => ['203.0.113.9'])).toBe('good');
    expect(await judge('collector.example', async () => ['203.0.113.9', '198.51.100.1'])).toBe('bad');
    expect(await judge('collector.example', async () => [])).toBe('unknown');
    expect(await judge('collector.example', () => Promise.reject(new Error('no answer')))).toBe('unknown');
  });
});
