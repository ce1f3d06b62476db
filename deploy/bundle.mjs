// Puts programs that run without the rest into one file each: the agent, in place of its entry point and with a command line of its own,
// and the exporter with what starts it. What they do not use of their libraries stays out, which is most of what such a process holds in
// memory (docs/adr/0017). The rest of the command is put together first, by parts (bundle-command.mjs). SQLite's binding is native, stays a package and is loaded by name (proto/config/load-sqlite.ts).
//
//   node deploy/bundle.mjs             of dist/, all of them
//   node deploy/bundle.mjs build/bench of another compiled tree, only what a large library is needed for (docs/adr/0112)
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { bundleCommand } from './bundle-command.mjs';
import { noticesOf } from './notices.mjs';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** What is there only where an operator has installed it, and what is native. */
const OUTSIDE = [/^@grpc\//, /^sharp$/];

/** The schemas as text within the bundle: one file needs no folder beside it. */
const schemasWithin = {
  name: 'schemas-within',
  load: (id) => {
    if (!id.endsWith('/proto/codec/schema-text.js')) return null;
    const names = readdirSync(at('proto/schema')).filter((name) => name.endsWith('.proto'));
    const texts = Object.fromEntries(names.map((name) => [name.slice(0, -'.proto'.length), schema(name)]));
    return `const texts = ${JSON.stringify(texts)};\nexport const schemaText = (name) => texts[name];\n`;
  },
};

const schema = (name) => readFileSync(at(`proto/schema/${name}`), 'utf8');

/**
 * Everything beyond ASCII as an escape. One Chinese word in a source makes the engine keep all of it at two bytes a character, for
 * as long as the process runs. What stands beyond ASCII stands in texts and patterns only, where an escape means the same.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the whole of ASCII is meant
const inAscii = (code) => code.replace(/[^\u0000-\u007f]/g, (one) => `\\u${hex(one.charCodeAt(0))}`);

const hex = (unit) => unit.toString(16).padStart(4, '0');

/** The agent as the `tongguan` command loads it, and alone as a TCU gets it; the exporter as a machine at the border gets it, which starts a process with fewer rights. */
const BUNDLES = [
  { input: 'dist/edge/main.js', file: 'dist/edge/main.js' },
  { input: 'dist/bin/edge-only.js', file: 'dist/tongguan-edge.js' },
  { input: 'dist/bin/exporter-only.js', file: 'dist/border/tongguan-exporter.js' },
  { input: 'dist/cloud/exporter/start.js', file: 'dist/border/exporter.js' },
];

/** Of Kysely's 260 files the query compilers of two dialects: loaded whole, they were 19 MB and a quarter of a second of each start. */
const LIBRARIES = ['cloud/adapters/sql/sql-database.js'];

/** @returns the modules in it */
async function inOneFile(input, file) {
  const bundle = await rolldown({ input: at(input), platform: 'node', external: OUTSIDE, plugins: [schemasWithin] });
  const { output } = await bundle.write({
    file: at(file),
    format: 'esm',
    sourcemap: true,
    codeSplitting: false,
    comments: false,
    minify: true,
  });
  await bundle.close();
  writeFileSync(at(file), inAscii(readFileSync(at(file), 'utf8')));
  process.stdout.write(`${file}: ${output[0].code.length} characters in one file\n`);
  return output[0].moduleIds;
}

async function program() {
  const command = await bundleCommand();
  const characters = command.reduce((sum, { code }) => sum + code.length, 0);
  process.stdout.write(`dist/bin/main.js: ${characters} characters in ${command.length} files\n`);
  const modules = new Set(command.flatMap(({ moduleIds }) => moduleIds));
  for (const { input, file } of BUNDLES) for (const module of await inOneFile(input, file)) modules.add(module);
  writeFileSync(at('dist/NOTICES'), noticesOf(modules));
}

const [tree] = process.argv.slice(2);
if (tree === undefined) await program();
else for (const path of LIBRARIES) await inOneFile(`${tree}/${path}`, `${tree}/${path}`);
