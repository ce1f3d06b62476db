import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { program } from '../../bin/program.ts';
import { CloudConfig } from '../../cloud/config/config.ts';
import { readConfig } from '../../proto/config/read-config.ts';
import type { Instant } from '../../proto/words/time.ts';
import { installedCloud } from '../support/cloud/installed-cloud.ts';

// Every command that deletes or writes to a place it is told, told to do it to the logs: three years have to pass, and no command knows
// of any way for them to.

type Place = { readonly config: string; readonly data: string; readonly log: string; readonly key: string };

// biome-ignore format: one command a line
const COMMANDS: readonly (readonly [command: string, args: (at: Place) => readonly string[]])[] = [
  ['log begin', ({ log, key }) => ['--directory', log, '--origin', 'tongguan.example/operations', '--key', key]],
  ['log bundle', ({ data, log }) => ['--data', data, '--out', log]],
  ['log prove', ({ data, log }) => ['--data', data, '--log', 'operations', '--index', '0', '--out', join(log, 'proofs')]],
  ['cloud', ({ config }) => ['--config', config, '--initialise']],
  ['backup create', ({ config, log }) => [log, '--config', config]],
  ['backup restore', ({ config, data, log }) => [data, '--to', log, '--config', config]],
  ['delete run', ({ config }) => ['--config', config]],
  ['zone rotate', ({ config }) => ['--config', config, '--zone', 'general']],
  ['report', ({ config, log }) => ['inspection', '--config', config, '--from', '2020-01-01', '--to', '2020-01-02', '--out', log]],
  ['report', ({ config, log }) => ['annual', '--config', config, '--period', '2026', '--out', join(log, 'entries.log')]],
  ['traffic export', ({ config, data, log, key }) => ['--config', config, '--captures', data, '--key', key, '--reason', 'r', '--out', join(log, 'entries.log')]],
  ['unseal', ({ data, log, key }) => ['--parcel', data, '--key', key, '--sender', key, '--out', log]],
];

const streams = [process.stdout, process.stderr].map((stream) => [stream, stream.write] as const);
beforeEach(() => {
  for (const [stream] of streams) stream.write = () => true;
});
afterEach(() => {
  for (const [stream, write] of streams) stream.write = write;
  process.exitCode = undefined;
});

test.each(COMMANDS.map(([command, args], at) => [`${at} ${command}`, command, args] as const))(
  '%s leaves every entry where it is',
  async (_, command, args) => {
    const { config, layout, access } = installedCloud(Date.now() as Instant, { recipients: [] });
    mkdirSync(layout.exporter(''), { recursive: true });
    for (const file of [layout.cloud('permit.key'), layout.exporter('log.pub')])
      copyFileSync(layout.cloud('log.key'), file);
    const log = join(layout.cloud('log'), 'operations');
    const file = join(log, 'entries.log');
    writeFileSync(join(layout.root, 'nothing'), '');
    const loaded = readConfig(CloudConfig, config, 'cloud', {});
    if (!loaded.ok) throw new Error('the configuration is good');
    expect((await access('logs')(loaded.value)).ok).toBe(true);
    const before = readFileSync(file);
    const at = { config, data: layout.root, log, key: layout.cloud('log.key') };
    await program(new URL('../../package.json', import.meta.url)).parseAsync([
      ...['node', 'tongguan', ...command.split(' ')],
      ...args(at),
    ]);
    expect(existsSync(file) && readFileSync(file).subarray(0, before.length).equals(before)).toBe(true);
    expect(readdirSync(log)).toEqual(expect.arrayContaining(['checkpoint', 'entries.log']));
  },
);
