import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

export interface Compiled {
  /** The entry as JavaScript that `node` runs. */
  readonly entry: string;
  readonly remove: () => void;
}

/**
 * Compiles one program of the tests and all it imports, since Node 20 runs no TypeScript and a kill needs a process.
 * It lies under node_modules, so that packages are found from it.
 *
 * @param entry - path from the root of the repository
 */
export function compile(entry: string): Compiled {
  const cache = join(ROOT, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const directory = mkdtempSync(join(cache, 'tongguan-test-'));
  const project = join(directory, 'tsconfig.json');
  const compilerOptions = { noEmit: false, noCheck: true, rootDir: ROOT, outDir: directory };
  const options = { extends: join(ROOT, 'tsconfig.json'), compilerOptions, files: [join(ROOT, entry)], include: [] };
  writeFileSync(project, JSON.stringify(options));
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ type: 'module' }));
  execFileSync(process.execPath, [join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', project]);
  cpSync(join(ROOT, 'proto', 'schema'), join(directory, 'proto', 'schema'), { recursive: true });
  return {
    entry: join(directory, entry.replace(/\.ts$/, '.js')),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
