import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Compiles a program of the tests with all it imports, for a process of its own: Node 20 does not run TypeScript. Call it
 * at the top of a test file; what it made is gone when the file is done.
 *
 * @param name - path from the root of the repository, such as `test/support/edge/append-loop.program.ts`
 * @returns path of the program in JavaScript
 */
export function compileProgram(name: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'tongguan-program-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const compilerOptions = { noEmit: false, rootDir: ROOT, outDir: directory, declaration: false };
  const project = join(directory, 'tsconfig.json');
  const types = { typeRoots: [join(ROOT, 'node_modules/@types')] };
  writeFileSync(
    project,
    JSON.stringify({
      extends: join(ROOT, 'tsconfig.json'),
      compilerOptions: { ...compilerOptions, ...types },
      include: [],
      files: [join(ROOT, name)],
    }),
  );
  // Types are `make types`' business; here only what comes out counts.
  const compiled = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', project], { encoding: 'utf8' });
  const program = join(directory, name.replace(/\.ts$/, '.js'));
  if (!existsSync(program)) throw new Error(`nothing was compiled: ${compiled.stdout}${compiled.stderr}`);
  cpSync(join(ROOT, 'proto/schema'), join(directory, 'proto/schema'), { recursive: true });
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
  symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  return program;
}
