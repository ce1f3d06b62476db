import { rmSync } from 'node:fs';
import { posix, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const dist = fileURLToPath(new URL('../dist', import.meta.url));

/** What is native, and what is there only where an operator has installed it. */
const OUTSIDE = [
  /^better-sqlite3/,
  /^@node-rs\//,
  /^sharp$/,
  /^@grpc\//,
  /^node-rdkafka$/,
  /^onnxruntime-node$/,
  /^@techstark\//,
  /^@opentelemetry\/(?!api$)/,
];

/**
 * Puts what the `tongguan` command loads into few files: the cloud alone was 900 modules, and half of the time of a start went into finding
 * and reading them (docs/adr/0114). The entry stays where it was; the rest lies in dist/bundle, cut where the command loads a part of itself
 * only when it is asked for. Names are kept, so that a stack can be read. Threads and processes of their own go on loading the modules of dist.
 */
export async function bundleCommand() {
  rmSync(`${dist}/bundle`, { recursive: true, force: true });
  const bundle = await rolldown({
    input: { 'bin/main': `${dist}/bin/main.js` },
    platform: 'node',
    external: OUTSIDE,
    plugins: [agentApart, ownAddresses],
  });
  const { output } = await bundle.write({
    dir: dist,
    entryFileNames: '[name].js',
    chunkFileNames: 'bundle/[name]-[hash].js',
    format: 'esm',
    sourcemap: true,
    comments: false,
  });
  await bundle.close();
  return output.filter(({ type }) => type === 'chunk');
}

const AGENT = 'tongguan-agent';

/** The agent has a bundle of its own, which is made for little memory (deploy/bundle.mjs). */
const agentApart = {
  name: 'agent-apart',
  resolveId: (source) => (source.endsWith('/edge/main.js') ? { id: AGENT, external: true } : null),
};

const MARK = 'tongguanAddressOf';

/** A module knows what lies beside it by its own address, and keeps that address wherever its code has been put. */
const ownAddresses = {
  name: 'own-addresses',
  transform: (code, id) => {
    if (!id.startsWith(`${dist}${sep}`) || !code.includes('import.meta.url')) return null;
    const path = id.slice(dist.length + 1).replaceAll(sep, '/');
    return { code: code.replaceAll('import.meta.url', `${MARK}(${JSON.stringify(path)})`), map: null };
  },
  renderChunk: (code, { fileName }) => {
    if (!code.includes(MARK) && !code.includes(AGENT)) return null;
    const at = (path) => JSON.stringify(posix.relative(posix.dirname(fileName), path));
    const placed = code
      .replace(new RegExp(`${MARK}\\("([^"]+)"\\)`, 'g'), (_, path) => `new URL(${at(path)}, import.meta.url).href`)
      .replaceAll(`"${AGENT}"`, at('edge/main.js'));
    return { code: placed, map: null };
  },
};
