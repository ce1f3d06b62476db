import type * as fs from 'node:fs';
import { basename, join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { writeKeyPair } from '../../../../cloud/adapters/file-zone-keys.ts';
import { rotateZone } from '../../../../cloud/rotate-zone.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';
import { testZone } from '../../../support/cloud/zones.ts';

/** What was asked of the disk about names, in order; what it does with a name that was not synced is its own affair. */
const asked: string[] = vi.hoisted(() => []);

vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>();
  const told =
    <A extends readonly unknown[], R>(work: (...args: A) => R, say: (...args: A) => string | undefined) =>
    (...args: A): R => {
      const line = say(...args);
      if (line !== undefined) asked.push(line);
      return work(...args);
    };
  return {
    ...real,
    fsyncSync: told(real.fsyncSync, (fd) => (real.fstatSync(fd).isDirectory() ? 'names' : undefined)),
    renameSync: told(real.renameSync, (from, to) => `${basename(String(from))} -> ${basename(String(to))}`),
    unlinkSync: told(real.unlinkSync, (path) => `destroyed ${basename(String(path))}`),
  };
});

beforeEach(() => {
  asked.length = 0;
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
