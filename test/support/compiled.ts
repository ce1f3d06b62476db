import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the repository. */
export const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

const FOLDERS = ['bin', 'cloud', 'edge', 'firmware-sim', 'proto', 'test/support', 'test/integration-exporter/support'];
/** It lies under node_modules, so that packages are found from it. */
const CACHE = join(REPOSITORY, 'node_modules', '.cache', 'tongguan-tests');
/** What was compiled from sources of another day is nobody's any more. */
const KEPT_MS = 3_600_000;

/**
 * The product and the programs of tests as JavaScript, compiled when a source has changed and then shared by all test
 * files: Node 20 runs no TypeScript, and a kill needs a process. Types are checked elsewhere.
 *
 * @returns a directory laid out as the repository
 */
export function compiledRoot(): string {
  const whole = join(CACHE, digestOfSources());
  if (existsSync(whole)) return whole;
  mkdirSync(CACHE, { recursive: true });
  removeOld();
  const made = mkdtempSync(join(CACHE, 'making-'));
  compileInto(made);
  try {
    renameSync(made, whole);
  } catch (cause) {
    // Another test file was faster.
    if (!existsSync(whole)) throw cause;
    rmSync(made, { recursive: true, force: true });
  }
  return whole;
}

/** @param entry - path of a program from the root of the repository */
export const compiledProgram = (entry: string): string => join(compiledRoot(), entry.replace(/\.ts$/, '.js'));

function digestOfSources(): string {
  const hash = createHash('sha256');
  for (const folder of FOLDERS) {
    for (const entry of readdirSync(join(REPOSITORY, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const { size, mtimeMs } = statSync(path);
      hash.update(`${relative(REPOSITORY, path)} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest('hex').slice(0, 32);
}

function removeOld(): void {
  for (const name of readdirSync(CACHE)) {
    const path = join(CACHE, name);
    if (Date.now() - statSync(path).mtimeMs > KEPT_MS) rmSync(path, { recursive: true, force: true });
  }
}

function compileInto(directory: string): void {
  const project = join(directory, 'tsconfig.json');
  const compilerOptions = { noEmit: false, noCheck: true, rootDir: REPOSITORY, outDir: directory };
  const include = FOLDERS.map((folder) => join(REPOSITORY, folder, '**', '*.ts'));
  writeFileSync(project, JSON.stringify({ extends: join(REPOSITORY, 'tsconfig.json'), compilerOptions, include }));
  cpSync(join(REPOSITORY, 'package.json'), join(directory, 'package.json'));
  execFileSync(process.execPath, [join(REPOSITORY, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', project]);
  cpSync(join(REPOSITORY, 'proto', 'schema'), join(directory, 'proto', 'schema'), { recursive: true });
}
