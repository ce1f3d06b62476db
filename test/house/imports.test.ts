import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CHANCE, LAW, type LawRow, LOADED_BY_NAME, PROCESS_USERS, ROOTS, SHARED_PACKAGES } from './law.table.ts';
import { codeOnly, filesBelow, type Import, importsOf, placesOf, read, SOURCES, TIERS } from './sources.ts';

const rowOf = (path: string): LawRow | undefined =>
  LAW.find(({ files }) => files === path) ?? LAW.find(({ files }) => files === posix.dirname(path));

const covers = (entry: string, target: string): boolean =>
  entry === target ||
  entry === posix.dirname(target) ||
  (entry.endsWith('/**') && target.startsWith(entry.slice(0, -2)));

function isLawful({ target, isOurs, isTypeOnly }: Import, row: LawRow): boolean {
  const isNode = target.startsWith('node:');
  // Types are gone once it is compiled; of Node and of packages they bind nobody to anything.
  if (isTypeOnly && (isNode || (!isOurs && row.files !== 'proto/words'))) return true;
  if (isNode) return row.node?.includes(target) ?? false;
  const allowed = isTypeOnly ? [...row.may, ...(row.mayName ?? [])] : row.may;
  return allowed.some((entry) => covers(entry, target));
}

/** The exporter is a tier of its own; the recipient's side of the border belongs to it. */
function tierOf(path: string): string {
  return path.startsWith('cloud/exporter/') ? 'cloud/exporter' : (path.split('/')[0] ?? '');
}

describe('the import law', () => {
  test('governs every file, and every row governs some', () => {
    expect(SOURCES.filter((path) => rowOf(path) === undefined)).toEqual([]);
    const used = new Set(SOURCES.map(rowOf));
    expect(LAW.filter((row) => !used.has(row)).map(({ files }) => files)).toEqual([]);
  });

  test('holds', () => {
    const broken = SOURCES.flatMap((path) => {
      const row = rowOf(path);
      if (row === undefined) return [];
      return importsOf(path)
        .filter((one) => !isLawful(one, row))
        .map(({ target, isTypeOnly }) => `${path} imports ${target}${isTypeOnly ? ' (types)' : ''}`);
    });
    expect(broken).toEqual([]);
  });

  test('lets a tier know the contract and itself, whatever a row says', () => {
    const broken = SOURCES.filter((path) => !path.startsWith('bin/')).flatMap((path) =>
      importsOf(path)
        .filter(({ isOurs, target }) => isOurs && !knows(tierOf(path), target))
        .map(({ target }) => `${path} imports ${target}`),
    );
    expect(broken).toEqual([]);
  });
});

function knows(tier: string, target: string): boolean {
  if (tierOf(target) === 'proto' || tierOf(target) === tier) return true;
  const shared = ['cloud/log/', 'cloud/sealing/', 'cloud/capture/'];
  return tier === 'cloud/exporter' && shared.some((folder) => target.startsWith(folder));
}

describe('packages', () => {
  const imported = SOURCES.flatMap((path) =>
    importsOf(path)
      .filter(({ isOurs, isTypeOnly, target }) => !isOurs && !isTypeOnly && !target.startsWith('node:'))
      .map(({ target }) => ({ path, target })),
  );

  test('have one importing file a tier, but for those with a reason', () => {
    const importers = new Map<string, Set<string>>();
    for (const { path, target } of imported) {
      if (target in SHARED_PACKAGES) continue;
      const name = `${tierOf(path)} ${target}`;
      importers.set(name, (importers.get(name) ?? new Set()).add(path));
    }
    const shared = [...importers].filter(([, files]) => files.size > 1);
    expect(shared.map(([name, files]) => `${name}: ${[...files].join(', ')}`)).toEqual([]);
  });

  test('are those of package.json, each of them', () => {
    // Peers are optional: whoever needs the adapter installs them beside it.
    const { dependencies, optionalDependencies, peerDependencies } = JSON.parse(read('package.json')) as Record<
      string,
      object
    >;
    // What browsers run is built in: nobody who installs the package needs it.
    const installed = imported.filter(({ path }) => tierOf(path) !== 'console');
    const named = [...installed.map(({ target }) => target), ...Object.keys(LOADED_BY_NAME)];
    const all = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
    expect([...new Set(named)].sort()).toEqual(all.sort());
  });

  test('of the console are those of its developers, to the version', () => {
    const { devDependencies } = JSON.parse(read('package.json')) as Record<string, Readonly<Record<string, string>>>;
    const built = imported.filter(({ path }) => tierOf(path) === 'console').map(({ target }) => target);
    expect(built.filter((name) => !/^\d+\.\d+\.\d+$/.test(devDependencies?.[name] ?? ''))).toEqual([]);
  });

  test('that are loaded by name are named by the file that loads them', () => {
    for (const [name, file] of Object.entries(LOADED_BY_NAME)) expect(read(file)).toContain(`'${name}'`);
  });

  test('which the operator may add are optional, each of them', () => {
    const { peerDependencies, peerDependenciesMeta } = JSON.parse(read('package.json')) as Record<string, object>;
    const optional = Object.entries(peerDependenciesMeta ?? {}).filter(
      ([, meta]) => (meta as { optional?: boolean }).optional,
    );
    expect(optional.map(([name]) => name).sort()).toEqual(Object.keys(peerDependencies ?? {}).sort());
  });
});

describe('the border', () => {
  test('nothing of the cloud knows the exporter', () => {
    const others = SOURCES.filter((path) => !path.startsWith('bin/') && tierOf(path) !== 'cloud/exporter');
    const knowing = others.filter((path) => importsOf(path).some(({ target }) => target.startsWith('cloud/exporter/')));
    expect(knowing).toEqual([]);
  });

  test('the process that sends loads no store, no broker and nothing native', () => {
    const loaded = closureOf('cloud/exporter/start.ts');
    expect([...loaded].filter((target) => /^[@a-z]/.test(target) && !target.includes('.ts')).sort()).toEqual(
      ['canonicalize', 'protobufjs', 'undici', 'yaml', 'zod'].concat(nodeOf(loaded)).sort(),
    );
    // What seals captures and how long they are kept: leaves both, and they come with the capture alone.
    const leaves = ['cloud/rules/retention.table.ts', 'cloud/zones/envelope.ts'];
    const ofTheCloud = [...loaded].filter((target) => /^cloud\/(?!exporter\/|log\/|capture\/|sealing\/)/.test(target));
    expect(ofTheCloud.sort()).toEqual(leaves);
    expect(leaves.flatMap((leaf) => importsOf(leaf).filter(({ isOurs, isTypeOnly }) => isOurs && !isTypeOnly))).toEqual(
      [],
    );
  });

  test('one file only clears a parcel: the gate', () => {
    const callers = SOURCES.filter((path) => /\bborder\.clear\(/.test(codeOnly(read(path))));
    expect(callers).toEqual(['cloud/transfer/clear-transfer.ts', 'cloud/transfer/settle-transfers.ts']);
  });
});

const nodeOf = (loaded: ReadonlySet<string>): string[] => [...loaded].filter((target) => target.startsWith('node:'));

/** Everything that is loaded with a file: files of ours, packages, modules of Node. */
function closureOf(entry: string): ReadonlySet<string> {
  const loaded = new Set<string>([entry]);
  for (const path of loaded) {
    if (!path.endsWith('.ts')) continue;
    for (const { target, isTypeOnly } of importsOf(path)) if (!isTypeOnly) loaded.add(target);
  }
  return loaded;
}

describe('clocks, chance and the process', () => {
  const code = new Map(SOURCES.map((path) => [path, codeOnly(read(path))]));
  const filesWith = (pattern: RegExp): readonly string[] =>
    SOURCES.filter((path) => placesOf(path, code.get(path) ?? '', pattern).length > 0);

  test('the environment and the clock are read where processes begin, and nowhere else', () => {
    const reads = /\bprocess\s*\.\s*env\b|\bDate\s*\.\s*now\b|\bnew Date\(\)|\bperformance\s*\.\s*now\b/;
    expect(filesWith(reads)).toEqual([...ROOTS].sort());
  });

  test('nobody uses chance that can be guessed', () => {
    expect(filesWith(/\bMath\s*\.\s*random\b/)).toEqual([]);
  });

  test('chance is drawn where the law says, for what it says', () => {
    const draws = /\b(randomBytes|randomInt|randomUUID|randomFillSync|getRandomValues|generateKey\w*)\(/;
    expect(filesWith(draws)).toEqual(Object.keys(CHANCE).sort());
  });

  test('the process is touched by bin/ and by those the law names', () => {
    const users = filesWith(/\bprocess\s*\??\.\s*\w/).filter((path) => !path.startsWith('bin/'));
    expect(users).toEqual(Object.keys(PROCESS_USERS).sort());
  });

  test('pure files wait for nothing and print nothing', () => {
    const impure = /\b(setTimeout|setInterval|setImmediate|fetch|queueMicrotask)\(|\b(console|globalThis)\s*\./;
    expect(filesWith(impure).filter((path) => rowOf(path)?.isPure)).toEqual([]);
  });
});

test('code lies in the folders the law knows', () => {
  const top = new Set(filesBelow('').flatMap((path) => (path.includes('/') ? [path.split('/')[0]] : [])));
  const known = new Set<string>([...TIERS, 'test', 'docs', 'deploy', '.ci']);
  expect([...top].filter((folder) => !known.has(folder ?? ''))).toEqual([]);
});
