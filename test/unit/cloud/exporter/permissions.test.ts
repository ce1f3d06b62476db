import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ExporterConfig } from '../../../../cloud/exporter/config.ts';
import { permissionArguments } from '../../../../cloud/exporter/permissions.ts';

const config = {
  border: { outbox: 'border/outbox', returns: '/srv/border/returns' },
  log: { directory: 'traffic', origin: 'o', signingKeyFile: 'keys/log.key' },
  permit: { publicKeyFile: 'keys/permit.pub' },
  capture: { directory: 'captures', publicKeyFile: 'keys/capture.pub' },
  tls: { certificateFile: 'keys/exporter.crt', keyFile: 'keys/exporter.key' },
  recipients: [{ authorityFile: 'keys/acme.crt' }, { authorityFile: 'keys/acme.crt' }],
} as ExporterConfig;

const argumentsFor = (nodeVersion: string) =>
  permissionArguments({ configPath: '/etc/tongguan/exporter.yaml', config, codePaths: ['/opt/tongguan'], nodeVersion });

test('names every file that is read, once, and nothing above it', () => {
  const reads = argumentsFor('20.20.2').filter((one) => one.startsWith('--allow-fs-read='));
  expect(reads.map((one) => one.slice('--allow-fs-read='.length))).toEqual([
    '/etc/tongguan/exporter.yaml',
    '/etc/tongguan/border/emergency-stop',
    '/etc/tongguan/keys/log.key',
    '/etc/tongguan/keys/permit.pub',
    '/etc/tongguan/keys/capture.pub',
    '/etc/tongguan/keys/exporter.crt',
    '/etc/tongguan/keys/exporter.key',
    '/etc/tongguan/keys/acme.crt',
    '/opt/tongguan',
    '/etc/tongguan/border/outbox',
    '/srv/border/returns',
    '/etc/tongguan/traffic',
    '/etc/tongguan/captures',
  ]);
});

test('code behind a link can be read at both ends of it, as modules are loaded from the far one', () => {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'tongguan-code-')));
  const link = join(directory, 'current');
  mkdirSync(join(directory, 'v1'));
  symlinkSync('v1', link);
  const given = permissionArguments({
    configPath: '/etc/exporter.yaml',
    config,
    codePaths: [link],
    nodeVersion: '24.0.0',
  });
  rmSync(directory, { recursive: true });
  expect(given).toContain(`--allow-fs-read=${link}`);
  expect(given).toContain(`--allow-fs-read=${join(directory, 'v1')}`);
});

test('writes to the returns, the log and the captures, and to nothing else', () => {
  const writes = argumentsFor('20.20.2').filter((one) => one.startsWith('--allow-fs-write='));
  expect(writes).toEqual(
    ['/srv/border/returns', '/etc/tongguan/traffic', '/etc/tongguan/captures'].map(
      (path) => `--allow-fs-write=${path}`,
    ),
  );
});

test('no child process, no worker, no addon', () => {
  expect(argumentsFor('25.0.0').join(' ')).not.toMatch(/--allow-(child-process|worker|addons|wasi)/);
});

test.each([
  ['20.19.0', '--experimental-permission', false],
  ['23.4.0', '--experimental-permission', false],
  ['23.5.0', '--permission', false],
  ['24.21.0', '--permission', false],
  ['25.0.0', '--permission', true],
])('Node %s is asked with %s', (version, flag, network) => {
  const given = argumentsFor(version);
  expect(given[0]).toBe(flag);
  expect(given.includes('--allow-net')).toBe(network);
});
