import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { type Compiled, REPOSITORY } from './compiled.ts';

/**
 * The exporter and the receiver, each in one file: a process that is killed after a moment spends most of its life loading, and
 * loads one file in two thirds of the time of some hundred. As they are shipped, they are run by the tests that use `compile`.
 */
export async function bundleRoles(): Promise<Compiled> {
  const builds = join(REPOSITORY, 'build');
  mkdirSync(builds, { recursive: true });
  const out = mkdtempSync(join(builds, 'exporter-bundle-'));
  // Schemas are looked for beside the folder of the codec.
  const dir = join(out, 'proto/codec');
  const entry = (file: string) => join(REPOSITORY, 'cloud/exporter', file);
  const input = { exporter: entry('start.ts'), receiver: entry('receiver/start.ts') };
  const bundle = await rolldown({ input, platform: 'node', logLevel: 'silent' });
  await bundle.write({ dir, format: 'esm' });
  await bundle.close();
  cpSync(join(REPOSITORY, 'proto/schema'), join(out, 'proto/schema'), { recursive: true });
  return {
    exporter: join(dir, 'exporter.js'),
    receiver: join(dir, 'receiver.js'),
    codePaths: [out, join(REPOSITORY, 'package.json')],
    remove: () => rmSync(out, { recursive: true, force: true }),
  };
}
