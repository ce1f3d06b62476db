import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeAllWhole, writeNewWhole, writeWhole } from '../../../../proto/config/write-whole.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'write-whole-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('a new file gets its mode, and one that was there keeps its own', () => {
  const [fresh, old] = [join(root, 'fresh'), join(root, 'old')];
  writeFileSync(old, 'before', { mode: 0o644 });
  for (const path of [fresh, old]) writeWhole(path, 'after', 0o600);
  expect([fresh, old].map((path) => [readFileSync(path, 'utf8'), statSync(path).mode & 0o777])).toEqual([
    ['after', 0o600],
    ['after', 0o644],
  ]);
  expect(readdirSync(root).sort()).toEqual(['fresh', 'old']);
});

test('what a link points to is written, and the link stays', () => {
  writeFileSync(join(root, 'file'), 'before');
  symlinkSync(join(root, 'file'), join(root, 'link'));
  writeWhole(join(root, 'link'), 'after');
  expect(readFileSync(join(root, 'file'), 'utf8')).toBe('after');
});

test('what is no plain file is written where it is', () => {
  writeWhole('/dev/null', 'gone');
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
});

test('of several of which one has no place, none is there', () => {
  writeFileSync(join(root, 'first'), 'before');
  const files = ['first', 'second', 'absent/third'].map((name) => ({ path: join(root, name), content: 'after' }));
  expect(() => writeAllWhole(files)).toThrow('ENOENT');
  expect(readdirSync(root)).toEqual(['first']);
  expect(readFileSync(join(root, 'first'), 'utf8')).toBe('before');
});

test('nothing is written over what is there where a new file is wanted', () => {
  writeFileSync(join(root, 'there'), 'before');
  expect(() => writeNewWhole(join(root, 'there'), 'after', 0o600)).toThrow('EEXIST');
  expect(readFileSync(join(root, 'there'), 'utf8')).toBe('before');
  mkdirSync(join(root, 'directory'));
  writeNewWhole(join(root, 'directory', 'new'), 'after', 0o600);
  expect(readFileSync(join(root, 'directory', 'new'), 'utf8')).toBe('after');
});
