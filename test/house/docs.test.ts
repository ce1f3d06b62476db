import { existsSync, writeFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GUARDS } from '../switched-off/guards.table.ts';
import { configurationDoc, staleMeanings } from './configuration-doc.ts';
import { DECISIONS, decisionsDoc } from './decisions-doc.ts';
import { faultCodes, faultsDoc } from './faults-doc.ts';
import { guardsDoc } from './guards-doc.ts';
import { registersDoc } from './registers-doc.ts';
import { filesBelow, ROOT, read, SOURCES, TESTS } from './sources.ts';

const DOCUMENTS = filesBelow('').filter((path) => path.endsWith('.md'));
const exists = (path: string): boolean => existsSync(`${ROOT}${path}`);

describe('documents that are made (UPDATE=1 writes them)', () => {
  test.each([
    ['docs/configuration.md', configurationDoc],
    ['docs/faults.md', faultsDoc],
    ['docs/registers.md', registersDoc],
    ['docs/adr/README.md', decisionsDoc],
    ['test/simulation/guards.md', guardsDoc],
  ])('%s says what the code says', (path, make) => {
    if (process.env['UPDATE'] === '1') writeFileSync(`${ROOT}${path}`, make());
    expect(read(path)).toBe(make());
  });

  test('a test that holds a guard is there', () => {
    expect(GUARDS.flatMap(({ heldBy }) => heldBy ?? []).filter((path) => !exists(path))).toEqual([]);
  });

  test('no table of keys holds a word of the code for nothing', () => {
    const made = [configurationDoc(), registersDoc()].flatMap((text) => text.split('\n'));
    expect(made.filter((line) => /`undefined`|NaN|\[object/.test(line))).toEqual([]);
  });

  test('a key of a register says whether it may be left out, and which key tells members apart', () => {
    const rows = registersDoc().split('\n');
    expect(rows).toContain('| `filing.on` | day | yes; only of `filed` |  |');
    expect(rows).toContain('| `filing.state` | `filed`, `not-filed`, `refused`, `unknown` | yes |  |');
    expect(rows).toContain('| `freeTradeZone.zone` | text | with `freeTradeZone` |  |');
    expect(rows.find((row) => row.startsWith('| `finalReport.number`'))).toContain('with `finalReport`');
    expect(rows.find((row) => row.startsWith('| `filed.number`'))).toContain('with `filed`');
  });

  test('no key is explained that is gone', () => {
    expect(staleMeanings()).toEqual([]);
  });
});

describe('links', () => {
  test.each(DOCUMENTS)('of %s lead somewhere', (path) => {
    const text = read(path).replace(/```[\s\S]*?```/g, '');
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const dead = targets.filter((target) => !/^(?:https?|mailto):/.test(target) && !leads(path, target));
    expect(dead).toEqual([]);
  });

  function leads(from: string, target: string): boolean {
    const [file = '', anchor] = target.split('#');
    const path = file === '' ? from : posix.join(posix.dirname(from), file);
    if (!exists(path)) return false;
    return anchor === undefined || anchorsOf(read(path)).includes(anchor);
  }

  /** As GitHub names headings. */
  function anchorsOf(text: string): readonly string[] {
    return [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    );
  }
});

test.each(['docs', 'docs/zh'])('the index of %s leads to every page', (folder) => {
  const pages = filesBelow(folder).filter((path) => posix.dirname(path) === folder && path.endsWith('.md'));
  const index = read(`${folder}/README.md`);
  const names = pages.map((path) => posix.basename(path)).filter((name) => name !== 'README.md');
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((name) => !index.includes(`](${name})`))).toEqual([]);
});

describe('what documents name', () => {
  test('every path of ARCHITECTURE.md is there', () => {
    expect(pathsIn('ARCHITECTURE.md').filter((path) => !exists(path))).toEqual([]);
  });

  test('every recipe of CONTRIBUTING.md names files that are there', () => {
    expect(pathsIn('CONTRIBUTING.md').filter((path) => !exists(path))).toEqual([]);
  });

  test('every invariant that holds names a test that is there', () => {
    const rows = read('INVARIANTS.md')
      .split('\n')
      .filter((line) => /^\| \d+ \|/.test(line));
    expect(rows.length).toBeGreaterThanOrEqual(15);
    const held = rows.map((line) => [...line.matchAll(/`(test\/[^`]+)`/g)].map(([, path = '']) => path));
    expect(held.flat().filter((path) => !exists(path))).toEqual([]);
    expect(rows.filter((line, index) => held[index]?.length === 0 && !line.includes('not yet'))).toEqual([]);
  });

  test('every document that code names is there, by its file or by its number', () => {
    const files = [...SOURCES, ...TESTS, ...filesBelow('proto/schema'), 'Makefile'].filter(
      (path) => !path.startsWith('test/house/'),
    );
    const named = files.flatMap((path) =>
      [...read(path).matchAll(/\b((?:docs\/)?[\w./-]+\.md)\b|\bdocs\/adr\/(\d{4})\b(?!-)/g)].map(
        ([, file, number]) => ({
          path,
          file: file ?? DECISIONS.find((record) => record.startsWith(`docs/adr/${number}-`)) ?? `docs/adr/${number}`,
        }),
      ),
    );
    expect(named.filter(({ file }) => !exists(file)).map(({ path, file }) => `${path}: ${file}`)).toEqual([]);
  });
});

test('whoever names a decision record by its number links to that record', () => {
  const link = /\[(?:ADR )?(\d{1,4})\]\((?:\.\.\/|docs\/)?(?:adr\/)?(\d{4})-[a-z0-9-]+\.md/g;
  const named = DOCUMENTS.flatMap((path) =>
    [...read(path).matchAll(link)].map(([text, said, number]) => ({
      path,
      text,
      isSame: Number(said) === Number(number),
    })),
  );
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter(({ isSame }) => !isSame).map(({ path, text }) => `${path}: ${text}`)).toEqual([]);
});

test('every fault that an operator can meet is explained', () => {
  const explained = DOCUMENTS.filter((path) => path.startsWith('docs/'))
    .map(read)
    .join('\n');
  expect(faultCodes().filter((code) => !explained.includes(`\`${code}\``))).toEqual([]);
});

/** Paths in backticks that look like files or folders of ours. */
function pathsIn(document: string): readonly string[] {
  return [...read(document).matchAll(/`((?:bin|cloud|edge|firmware-sim|proto|test|docs|deploy|\.ci)\/[\w./-]*)`/g)].map(
    ([, path = '']) => path,
  );
}

describe('decision records', () => {
  test('are numbered without gaps', () => {
    const numbers = DECISIONS.map((path) => Number(/^docs\/adr\/(\d{4})-[a-z0-9-]+\.md$/.exec(path)?.[1]));
    expect(numbers).toEqual(DECISIONS.map((_, index) => index + 1));
  });

  test.each(DECISIONS)('%s has its four parts', (path) => {
    const text = read(path);
    const number = Number(posix.basename(path).slice(0, 4));
    expect(text).toMatch(new RegExp(`^# ${number}\\. \\S`));
    expect(text).toMatch(/^Status: (?:accepted|superseded by \d{4}|decided, not yet built)$/m);
    for (const part of ['Context', 'Decision', 'Consequences', 'Rejected']) expect(text).toContain(`\n## ${part}\n`);
  });
});
