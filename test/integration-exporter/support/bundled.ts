import { cpSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { compiledRoot, REPOSITORY } from '../../support/compiled.ts';
import type { Compiled } from './compiled.ts';

/**
 * The exporter and the receiver, each in one file, made once for all test files: a process that is killed after a moment spends most of
 * its life loading, and loads one file in two thirds of the time of some hundred. Tests of what is shipped run it as it is compiled.
 */
export async function bundleRoles(): Promise<Compiled> {
  const root = compiledRoot();
  const whole = join(root, 'bundled');
  if (!existsSync(whole)) {
    const made = mkdtempSync(join(root, 'bundling-'));
    await bundleInto(made, root);
    try {
      renameSync(made, whole);
    } catch (cause) {
      // Another test file was faster.
      if (!existsSync(whole)) throw cause;
      rmSync(made, { recursive: true, force: true });
    }
  }
  const at = (name: string) => join(whole, 'proto/codec', name);
  return {
    exporter: at('exporter.js'),
    receiver: at('receiver.js'),
    codePaths: [whole, join(root, 'package.json'), join(REPOSITORY, 'package.json')],
  };
}

async function bundleInto(directory: string, root: string): Promise<void> {
  const entry = (file: string) => join(root, 'cloud/exporter', file);
  const input = { exporter: entry('start.js'), receiver: entry('receiver/start.js') };
  const bundle = await rolldown({ input, platform: 'node', logLevel: 'silent' });
  // Schemas are looked for beside the folder of the codec.
  await bundle.write({ dir: join(directory, 'proto/codec'), format: 'esm' });
  await bundle.close();
  cpSync(join(root, 'proto/schema'), join(directory, 'proto/schema'), { recursive: true });
}
