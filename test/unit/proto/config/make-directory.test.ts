import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeDirectory } from '../../../../proto/config/make-directory.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'make-directory-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('makes those above too, and says which was the topmost', () => {
  expect(makeDirectory(join(root, 'a', 'b', 'c'), 0o700)).toBe(join(root, 'a'));
  expect(statSync(join(root, 'a', 'b', 'c')).mode & 0o777).toBe(0o700);
  expect(makeDirectory(join(root, 'a', 'b', 'd'))).toBe(join(root, 'a', 'b', 'd'));
});

test('leaves one that is there, behind a link too', () => {
  mkdirSync(join(root, 'there'));
  symlinkSync(join(root, 'there'), join(root, 'link'));
  for (const name of ['there', 'link']) expect(makeDirectory(join(root, name))).toBeUndefined();
});

test.each([
  ['a file', 'file', 'EEXIST'],
  ['something below a file', 'file/below', 'ENOTDIR'],
  ['a link to nothing', 'dangling', 'EEXIST'],
])('throws for %s', (_, name, code) => {
  writeFileSync(join(root, 'file'), '');
  symlinkSync(join(root, 'nowhere'), join(root, 'dangling'));
  expect(() => makeDirectory(join(root, name))).toThrow(code);
});

test.each(['/proc/nothing', '/proc/nothing/below'])('throws for %s, where Node alone would never end', (path) => {
  expect(() => makeDirectory(path)).toThrow('ENOENT');
});
