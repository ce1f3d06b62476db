import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Removes from dist/ what was compiled from a source that is gone: the compiler leaves it, and it could still be run, loaded as a thread or packed.
 *
 *   node deploy/sweep-dist.mjs          of this checkout
 *   node deploy/sweep-dist.mjs ROOT     of another tree
 */
const COMPILED = ['bin', 'cloud', 'edge', 'firmware-sim', 'proto'];

const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));

const sourceOf = (path) => path.replace(/\.js(\.map)?$/, '.ts');

for (const folder of COMPILED) {
  if (!existsSync(join(root, 'dist', folder))) continue;
  for (const entry of readdirSync(join(root, 'dist', folder), { recursive: true })) {
    const path = join(folder, entry);
    // A folder of the same name is its own source; one whose source is gone goes with all that is in it.
    if (existsSync(join(root, sourceOf(path)))) continue;
    rmSync(join(root, 'dist', path), { recursive: true, force: true });
    process.stdout.write(`dist/${path}: its source is gone, and so is it\n`);
  }
}
