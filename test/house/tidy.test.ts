import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { functionsOf, verbOf } from './functions.ts';
import { codeOnly, filesBelow, importsOf, placesOf, read, SOURCES, TESTS, withoutComments } from './sources.ts';

const CODE = [...SOURCES, ...TESTS];
const bare = new Map(CODE.map((path) => [path, codeOnly(read(path))]));
const findInCode = (paths: readonly string[], pattern: RegExp): readonly string[] =>
  paths.flatMap((path) => placesOf(path, bare.get(path) ?? '', pattern));

describe('size', () => {
  test('a file keeps to its limit, tables apart', () => {
    const long = CODE.filter((path) => !path.endsWith('.table.ts')).filter((path) => lineCount(path) > FILE_LINES_MAX);
    expect(long.map((path) => `${path}: ${lineCount(path)}`)).toEqual([]);
  });

  test('a function keeps to its limit', () => {
    const long = SOURCES.flatMap((path) =>
      functionsOf(bare.get(path) ?? '')
        .filter(({ lines, ownLines }) => ownLines > FUNCTION_LINES_MAX || lines > ENCLOSING_LINES_MAX)
        .map(({ name, line, lines, ownLines }) => `${path}:${line} ${name}: ${ownLines} of ${lines}`),
    );
    expect(long).toEqual([]);
  });

  test('the measure sees functions of every form', () => {
    const forms = [
      'export async function a(\n  one: string,\n): Promise<void> {\n  return;\n}',
      'const b = (one: number): number =>\n  one;',
      'const c = async () => {\n  await 0;\n};',
      'function d({\n  one,\n}: One): void {\n  use(one);\n}',
      'function e() {\n  const f = wrap(() => {\n    return 1;\n  });\n  return f;\n}',
    ];
    const measured = forms.map((form) => functionsOf(form).map((one) => [one.name, one.lines, one.ownLines]));
    expect(measured).toEqual([
      [['a', 5, 5]],
      [['b', 2, 2]],
      [['c', 3, 3]],
      [['d', 5, 5]],
      [
        ['e', 6, 3],
        ['f', 3, 3],
      ],
    ]);
  });
});

const FILE_LINES_MAX = 300;
const FUNCTION_LINES_MAX = 50;
/** With the functions in it. */
const ENCLOSING_LINES_MAX = 120;

function lineCount(path: string): number {
  return read(path).trimEnd().split('\n').length;
}

describe('words', () => {
  // biome-ignore format: the list reads as a sentence
  const EMPTY = ['manager', 'helper', 'helpers', 'util', 'utils', 'common', 'misc', 'data', 'info', 'process', 'handle', 'sanitize', 'do'];

  test('no file is named by a word without meaning', () => {
    expect(CODE.filter((path) => EMPTY.includes(posix.basename(path).split('.')[0] ?? ''))).toEqual([]);
  });

  test('no function begins with one', () => {
    const named = CODE.flatMap((path) => functionsOf(bare.get(path) ?? '').map(({ name }) => ({ path, name })));
    const empty = named.filter(({ name }) => EMPTY.includes(verbOf(name)) && !(name in NOUNS));
    expect(empty.map(({ path, name }) => `${path}: ${name}`)).toEqual([]);
  });

  /** Names whose first word is the thing they are about, and not what they do. */
  const NOUNS: Readonly<Record<string, string>> = { processSurroundings: 'the surroundings of a process' };
});

describe('what we will not have', () => {
  test('default exports and barrels', () => {
    const withDefault = findInCode(CODE, /^export default\b/);
    const barrels = CODE.filter((path) => {
      const statements = withoutComments(read(path)).replace(
        /export\s+(type\s+)?(\{[^}]*\}|\*)\s+from\s+'[^']+';/g,
        '',
      );
      return statements.trim() === '' || posix.basename(path) === 'index.ts';
    });
    expect([...withDefault, ...barrels]).toEqual([]);
  });

  test('notes to ourselves', () => {
    const note = new RegExp(['TO', 'DO|FIX', 'ME|X', 'XX|HA', 'CK'].join('').replaceAll('|', '\\b|\\b'));
    expect(CODE.flatMap((path) => placesOf(path, read(path), note))).toEqual([]);
  });

  test('`any`, and values declared to be there', () => {
    const any = findInCode(CODE, /(?:[:<|,]|\bas)\s*any\b(?!\s*[=(])/);
    const trusted = findInCode(CODE, /[\w)\]]!(?=[.;,)\]\s[]|$)(?!\s*=)/);
    expect([...any, ...trusted]).toEqual([]);
  });

  test('enums, namespaces, and classes of our own', () => {
    expect(findInCode(SOURCES, /^\s*(?:export )?(?:abstract )?(?:enum|namespace|class)\s+\w/)).toEqual([]);
  });
});

test('every source file is used by another, or is where a process begins', () => {
  const used = new Set(SOURCES.flatMap((path) => importsOf(path).map(({ target }) => target)));
  const unused = SOURCES.filter((path) => !used.has(path) && !ENTRIES.includes(path));
  expect(unused).toEqual([]);
});

const ENTRIES = [
  'bin/edge-only.ts',
  'bin/exporter-only.ts',
  'bin/main.ts',
  'cloud/adapters/sql/lock-thread.ts',
  'cloud/adapters/sql/postgres-thread.ts',
  'cloud/building/build-helper.ts',
  'cloud/building/build-worker.ts',
  'cloud/building/import-worker.ts',
  'cloud/inspection/bundle-worker.ts',
  'cloud/reporting/draft-worker.ts',
  'console/main.ts',
  'cloud/exporter/start.ts',
  'cloud/exporter/receiver/start.ts',
];

describe('nothing points outside the repository', () => {
  const texts = filesBelow('').filter((path) => !/\.(gz|png|bin|sqlite)$/.test(path));

  test('no path of one machine', () => {
    // Halved, so that this file does not find itself.
    const places = ['/ho' + 'me/', '/ro' + 'ot/', '/Us' + 'ers/', '/wo' + 'rk/', '/fa' + 'rm/', 'C:' + '\\\\'];
    expect(texts.flatMap((path) => placesOf(path, read(path), new RegExp(places.join('|'))))).toEqual([]);
  });

  test('no package registry, and no workplace', () => {
    const hosts = ['registry' + '.npm', 'npm' + 'mirror', 'yarn' + 'pkg'];
    const workplaces = [
      'cla' + 'ude',
      'anthr' + 'opic',
      'open' + 'ai',
      'copi' + 'lot',
      'chat' + 'gpt',
      'CONTR' + 'ACTS\\.md',
    ];
    const pattern = new RegExp([...hosts, ...workplaces].join('|'), 'i');
    expect(texts.flatMap((path) => placesOf(path, read(path), pattern))).toEqual([]);
  });

  test('no document by a name that nobody else can look up', () => {
    const notes = ['REGULA' + 'TIONS', 'CEIL' + 'INGS', 'PRIV' + 'ACY figures', 'DES' + 'IGN\\.md', 'STY' + 'LE\\.md'];
    expect(texts.flatMap((path) => placesOf(path, read(path), new RegExp(`\\b(?:${notes.join('|')})\\b`)))).toEqual([]);
  });
});

describe('tests', () => {
  const suites = TESTS.filter((path) => path.endsWith('.test.ts'));

  test('assert something', () => {
    const asserts = (path: string): boolean => /\bexpect\b|\bassert\w*\(/.test(bare.get(path) ?? '');
    const asserted = (path: string): boolean =>
      asserts(path) || importsOf(path).some(({ target }) => target.endsWith('.contract.ts') && asserts(target));
    expect(suites.filter((path) => !asserted(path))).toEqual([]);
  });

  test('are neither singled out nor passed over without a reason', () => {
    const singled = findInCode(TESTS, /\b(?:test|describe|it)\.(?:only|skip|todo|fails)\b(?!If)/);
    const unreasoned = TESTS.flatMap((path) =>
      [...read(path).matchAll(/\.(?:skipIf|runIf)\([\s\S]*?\)\(\s*(['"`])([\s\S]*?)\1/g)]
        .filter(([, , title = '']) => !/\((?:needs|skipped:) /.test(title))
        .map(([, , title]) => `${path}: ${title}`),
    );
    expect([...singled, ...unreasoned]).toEqual([]);
  });

  test('measure no time', () => {
    const timing =
      /expect\(.*\b(?:elapsed\w*|took\w*|performance\.now|Date\.now)\b.*\)\.(?:not\.)?toBe(?:Less|Greater)/;
    expect(findInCode(TESTS, timing)).toEqual([]);
  });

  test('replace none of our own code', () => {
    expect(findInCode(TESTS, /\bvi\.(?:mock|doMock|spyOn|fn)\(/)).toEqual([]);
  });
});
