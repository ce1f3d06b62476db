import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeKeyPair } from '../../../../cloud/adapters/file-zone-keys.ts';
import { rotateZone } from '../../../../cloud/rotate-zone.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';
import { testZone } from '../../../support/cloud/zones.ts';

// What is asked of the system about names, in order: what becomes of a name that was not synced no test can show but by a power cut.

const real = { fsyncSync: fs.fsyncSync, renameSync: fs.renameSync, unlinkSync: fs.unlinkSync };
const asked: string[] = [];

beforeEach(() => {
  asked.length = 0;
  fs.fsyncSync = (fd) => {
    if (fs.fstatSync(fd).isDirectory()) asked.push('names');
    real.fsyncSync(fd);
  };
  fs.renameSync = (from, to) => {
    asked.push(`${basename(String(from))} -> ${basename(String(to))}`);
    real.renameSync(from, to);
  };
  fs.unlinkSync = (path) => {
    asked.push(`destroyed ${basename(String(path))}`);
    real.unlinkSync(path);
  };
  syncBuiltinESMExports();
});

afterEach(() => {
  Object.assign(fs, real);
  syncBuiltinESMExports();
});

test('the names of a new pair of keys are on the disk before anything is sealed to it', () => {
  const directory = scratchDirectory();
  writeKeyPair(join(directory, 'a.key'), join(directory, 'a.pub'));
  expect(asked).toEqual(['names']);
});

test('a zone’s next key is on the disk, name and all, before its last one is destroyed, and under its own name at the end', () => {
  const directory = scratchDirectory();
  testZone(directory, 'personal').close();
  const keys = join(directory, 'keys');
  asked.length = 0;
  rotateZone('personal', keys, keys);
  const destroyed = asked.indexOf('destroyed personal.key');
  expect([asked[destroyed - 1], asked.at(-1)]).toEqual(['names', 'names']);
  expect(asked.slice(destroyed, -1)).toEqual([
    'destroyed personal.key',
    'personal.key.new -> personal.key',
    'personal.pub.new -> personal.pub',
  ]);
});
