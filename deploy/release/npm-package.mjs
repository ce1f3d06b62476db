// Puts together what goes to npm, in build/release/package: the built product, a manifest without what only a checkout can do, and a shrinkwrap that names
// exactly the libraries that were tested, so that `npm install -g` brings those and no other.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { productionPackages } from './production.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const target = `${root}build/release/package`;
const BROUGHT = ['bin/tongguan', 'dist', 'deploy', 'docs', 'CHANGELOG.md', 'SECURITY.md', 'README.md', 'LICENSE'];
/** What `make` remembers in dist/, and what is in a package of its own. */
const LEFT = /\/dist\/(?:.*\/)?\.built$|\/dist\/border(?:\/|$)|\/dist\/tongguan-edge\.js/;

rmSync(target, { recursive: true, force: true });
mkdirSync(`${target}/bin`, { recursive: true });
for (const name of BROUGHT) {
  cpSync(`${root}${name}`, `${target}/${name}`, { recursive: true, filter: (source) => !LEFT.test(source) });
}

const { scripts: _, devDependencies: __, ...manifest } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
writeFileSync(`${target}/package.json`, `${JSON.stringify(manifest, null, 2)}\n`);

const lock = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8'));
const { devDependencies: ___, ...own } = lock.packages[''];
const packages = { '': own, ...Object.fromEntries(productionPackages()) };
writeFileSync(`${target}/npm-shrinkwrap.json`, `${JSON.stringify({ ...lock, packages }, null, 2)}\n`);
