import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { tempDirectory } from '../support/edge/temp-directory.ts';
import { writeConfig, writeVehicleFiles } from '../support/edge/vehicle-files.ts';

const isMissing = spawnSync('dpkg-deb', ['--version']).error !== undefined || !existsSync('dist/tongguan-edge.js');

describe.skipIf(isMissing)('the Debian package (needs dpkg-deb and a compiled agent)', () => {
  let root: string;
  const files = (): readonly string[] =>
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  beforeAll(() => {
    const name = execFileSync('./deploy/edge/build-deb.sh', { encoding: 'utf8' }).trim();
    root = 'build/deb/unpacked';
    execFileSync('dpkg-deb', ['-x', name, root]);
  });

  test('runs by itself: a frame on standard input becomes a signed batch', async () => {
    const directory = tempDirectory();
    const sealed = join(directory, 'sealed');
    mkdirSync(sealed);
    await writeVehicleFiles(directory);
    const config = writeConfig(directory, { source: { kind: 'stdin' } });
    const line = '{"kind":"signals","at":"2025-01-01T00:00:00Z","signals":{"Vehicle.Speed":42}}\n';
    const agent = resolve(root, 'usr/lib/tongguan-edge/tongguan-edge.js');
    const ran = spawnSync(process.execPath, [agent, 'edge', '--config', config, '--seal-to', sealed], {
      input: line,
      encoding: 'utf8',
      // Nothing of the checkout is found from there.
      cwd: directory,
    });
    expect([ran.status, ran.stderr]).toEqual([0, 'edge: 1 agent(s) running\n']);
    expect(readdirSync(sealed)).toEqual(['statistics-000000000000.batch']);
  });

  test('holds what runs and nothing else: no sources, no objects, no files of the compiler', () => {
    const odd = /\.(c|cc|cpp|h|hpp|o|a|mk|gypi|gyp|ts)$|Makefile$/;
    expect(files().filter((path) => odd.test(path) && !path.endsWith('.d.ts'))).toEqual([]);
  });

  test('the service may write its own directories, gains no rights, and is of a user of its own', () => {
    const unit = readFileSync(join(root, 'usr/lib/systemd/system/tongguan-edge.service'), 'utf8');
    for (const line of ['NoNewPrivileges=yes', 'PrivateTmp=yes', 'ProtectSystem=strict', 'User=tongguan-edge'])
      expect(unit).toContain(`\n${line}\n`);
    expect(unit).not.toContain('ReadWritePaths');
  });

  test('nobody but root may write what is installed', () => {
    const loose = files().filter((path) => (statSync(path).mode & 0o022) !== 0);
    expect(loose).toEqual([]);
  });
});
