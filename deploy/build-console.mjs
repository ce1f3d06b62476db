import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { noticesOf } from './notices.mjs';

/** The web console as static files in dist/console: hashed names, and beside each text its gzip, so that serving costs nothing. */
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = join(root, 'dist/console');

/** Compressed script of the page that everybody opens first, bytes. */
const OVERVIEW_SCRIPT_BYTES_MAX = 300_000;
const OVERVIEW = 'pages/overview.tsx';

const built = await build({
  configFile: false,
  logLevel: 'warn',
  root: join(root, 'console'),
  base: '/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'vue' } },
  define: {
    __VUE_OPTIONS_API__: 'true',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
  },
  build: {
    outDir: out,
    emptyOutDir: true,
    target: 'es2022',
    // A data: address is content of this page; the policy allows it for pictures alone.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});

// Beside the pages and not among them: nothing that no page asks for is served.
writeFileSync(join(root, 'dist/NOTICES-console'), noticesOf(built.output.flatMap(({ moduleIds = [] }) => moduleIds)));

const chunks = new Map(built.output.map((one) => [one.fileName, one]));
const zipped = new Map();
for (const name of readdirSync(join(out, 'assets'))) {
  const small = gzipSync(readFileSync(join(out, 'assets', name)), { level: 9 });
  writeFileSync(join(out, 'assets', `${name}.gz`), small);
  zipped.set(`assets/${name}`, small.length);
}

/** A chunk with everything that is loaded with it. */
function withImports(name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const next of chunks.get(name)?.imports ?? []) withImports(next, seen);
  return seen;
}

const chunkOf = (is) => built.output.find((one) => one.type === 'chunk' && is(one)).fileName;
const entry = chunkOf((one) => one.isEntry);
const overview = chunkOf((one) => one.facadeModuleId?.endsWith(OVERVIEW));
const loaded = withImports(overview, withImports(entry));
const bytes = [...loaded].reduce((sum, name) => sum + zipped.get(name), 0);
const all = [...zipped.values()].reduce((sum, one) => sum + one, 0);
process.stdout.write(
  `dist/console: overview ${bytes} bytes of script, of at most ${OVERVIEW_SCRIPT_BYTES_MAX}; all ${all}; gzip\n`,
);
if (bytes > OVERVIEW_SCRIPT_BYTES_MAX) {
  rmSync(out, { recursive: true });
  mkdirSync(out);
  process.stderr.write('dist/console: the overview is too large; load what it does not need on its own page\n');
  process.exit(1);
}
