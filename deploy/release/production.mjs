// Packages that the product runs on, by the lockfile: one name a line. What only tests and builds take stays out, and what
// an operator installs beside the product if at all.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const FOLDER = 'node_modules/';

/** @returns entries of package-lock.json by their path, without the project itself */
export function productionPackages() {
  const { packages } = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8'));
  const isRunOn = ([path, entry]) => path !== '' && !entry.dev && !entry.devOptional && !entry.peer;
  return Object.entries(packages).filter(isRunOn);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const names = productionPackages().map(([path]) => path.slice(FOLDER.length));
  const here = names.filter(
    (name) => !name.includes(FOLDER) && !name.startsWith('@types/') && existsSync(`${root}${FOLDER}${name}`),
  );
  process.stdout.write(`${here.join('\n')}\n`);
}
