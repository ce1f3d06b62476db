import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the repository. */
export const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));

/** The exporter and the receiver as JavaScript, compiled for these tests alone. */
export interface Compiled {
  readonly exporter: string;
  readonly receiver: string;
  /** What the exporter must be able to read of the program itself. */
  readonly codePaths: readonly string[];
  readonly remove: () => void;
}

/** Compiles the two processes and what they import, and nothing else; takes about a second. */
export function compile(): Compiled {
  const builds = join(REPOSITORY, 'build');
  mkdirSync(builds, { recursive: true });
  const out = mkdtempSync(join(builds, 'exporter-tests-'));
  const project = join(out, 'tsconfig.json');
  const entries = ['cloud/exporter/start.ts', 'cloud/exporter/receiver/start.ts'];
  writeFileSync(
    project,
    JSON.stringify({
      extends: join(REPOSITORY, 'tsconfig.build.json'),
      compilerOptions: { rootDir: REPOSITORY, outDir: out, typeRoots: [join(REPOSITORY, 'node_modules/@types')] },
      include: [],
      files: entries.map((entry) => join(REPOSITORY, entry)),
    }),
  );
  execFileSync(process.execPath, [join(REPOSITORY, 'node_modules/typescript/bin/tsc'), '-p', project], {
    stdio: 'pipe',
  });
  cpSync(join(REPOSITORY, 'proto/schema'), join(out, 'proto/schema'), { recursive: true });
  return {
    exporter: join(out, 'cloud/exporter/start.js'),
    receiver: join(out, 'cloud/exporter/receiver/start.js'),
    codePaths: [out, join(REPOSITORY, 'node_modules'), join(REPOSITORY, 'package.json')],
    remove: () => rmSync(out, { recursive: true, force: true }),
  };
}
