import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { API_ENVIRONMENT, API_FLAGS, CLOUD_FLAGS } from '../../../bin/cloud-flags.ts';

const LAUNCHER = fileURLToPath(new URL('../../../bin/tongguan', import.meta.url));
const NAMES = Object.keys(API_ENVIRONMENT);
const path = mkdtempSync(join(tmpdir(), 'tongguan-launcher-'));
afterAll(() => rmSync(path, { recursive: true }));
// In the place of Node: tells what it was started with.
const tells = NAMES.map((name) => `$${name}`).join(' ');
writeFileSync(join(path, 'node'), `#!/bin/sh\necho "${tells}"\necho "$@"\n`, { mode: 0o755 });

function started(...args: readonly string[]): readonly string[] {
  const { PATH = '' } = process.env;
  const run = spawnSync(LAUNCHER, [...args], { encoding: 'utf8', env: { PATH: `${path}:${PATH}` } });
  return run.stdout.trimEnd().split('\n');
}

const UNSET = NAMES.map(() => '').join(' ');
const SET = Object.values(API_ENVIRONMENT).join(' ');

test.each([
  [['cloud', '--config', 'c.yaml'], UNSET, CLOUD_FLAGS],
  [['cloud', '--config', 'c.yaml', '--role', 'ingress'], UNSET, CLOUD_FLAGS],
  [['cloud', '--config', 'c.yaml', '--role', 'api'], SET, API_FLAGS],
  [['cloud', '--role=api', '--standby', '--config', 'c.yaml'], SET, API_FLAGS],
  [['cloud', '--config', 'role api.yaml'], UNSET, CLOUD_FLAGS],
  [['register', 'recipient', 'show', 'x'], UNSET, []],
])('`tongguan %j` is started as the table of flags has it', (args, environment, flags) => {
  expect(started(...args)).toEqual([environment, [...flags, LAUNCHER, ...args].join(' ')]);
});
