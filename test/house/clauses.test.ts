import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { filesBelow, ROOT, read } from './sources.ts';

/** Clauses of the Guidelines of 2026, each with a page: who adds one to the law adds it here. */
const CLAUSES = [
  ...['i-1-scope', 'i-2-activities', 'i-3-assessment', 'i-3-contract-or-certification', 'i-3-exemptions'],
  ...['ii-important-data', 'iii-1-identification', 'iii-2-assessment', 'iii-3-contract', 'iii-4-certification'],
  ...['iv-1-management', 'iv-2-transmission', 'iv-2-monitoring', 'iv-2-inspection'],
  ...['iv-3-recording', 'iv-3-retention', 'iv-3-audit', 'iv-4-emergency', 'notes'],
];

const PARTS = ['What it asks', 'What the product does', 'Where', 'Tests that show it', 'What stays with you', '中文'];

describe('pages of clauses', () => {
  test('are there for every clause and no other, and the list names each', () => {
    const pages = filesBelow('docs/clauses').map((path) => posix.basename(path, '.md'));
    expect(pages.sort()).toEqual([...CLAUSES, 'README'].sort());
    expect(CLAUSES.filter((clause) => !read('docs/clauses/README.md').includes(`](${clause}.md)`))).toEqual([]);
  });

  test.each(CLAUSES)('%s has its parts, names code that is there and tests that run', (clause) => {
    const text = read(`docs/clauses/${clause}.md`);
    expect(PARTS.filter((part) => !text.includes(`\n## ${part}\n`))).toEqual([]);
    const named = [...text.matchAll(/\]\(\.\.\/\.\.\/([^)]+)\)/g)].map(([, path = '']) => path);
    expect(named.filter((path) => !existsSync(`${ROOT}${path}`))).toEqual([]);
    const tests = named.filter((path) => path.endsWith('.test.ts'));
    expect(tests.length).toBeGreaterThanOrEqual(1);
    expect(tests.filter((path) => !/\b(?:test|it)(?:\.\w+)*[(<]/.test(read(path)))).toEqual([]);
  });
});

/** Pages for people who work with the product, which are there in Chinese as well. */
const IN_CHINESE = [
  'start',
  'up',
  'console',
  'registers',
  'decide',
  'approvals',
  'emergency',
  'inspection',
  'terminals',
  'operating',
  'exemptions',
  'datasets',
  'alerts',
  'traffic',
  'reports',
  'deletion',
  'accounts',
  'access',
  'limits',
];

test.each(IN_CHINESE)('docs/zh/%s.md is Chinese, and leads to its English page', (name) => {
  const text = read(`docs/zh/${name}.md`);
  const prose = text.replace(/```[\s\S]*?```|`[^`]*`|\]\([^)]*\)/g, '');
  expect((prose.match(/\p{Script=Han}/gu) ?? []).length).toBeGreaterThan(200);
  expect(text).toMatch(/\]\(\.\.\/[\w-]+\.md(?:#[\w-]+)?\)/);
});
