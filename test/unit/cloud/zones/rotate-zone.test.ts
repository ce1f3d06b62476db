import { copyFileSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rotateZone } from '../../../../cloud/rotate-zone.ts';
import { signalFrame } from '../../../support/cloud/batches.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';
import { testZone } from '../../../support/cloud/zones.ts';

const record = (sequence: number) => ({ key: { deviceNumber: 1, epoch: 1, sequence }, content: signalFrame() });

function filled(): { readonly directory: string; readonly keys: string } {
  const directory = scratchDirectory();
  const zone = testZone(directory, 'personal');
  zone.insert([record(0), record(1)]);
  zone.close();
  return { directory, keys: join(directory, 'keys') };
}

function countIn(directory: string): number {
  const zone = testZone(directory, 'personal');
  const records = [...zone.records()].length;
  zone.close();
  return records;
}

test('a zone is read with its next key, and its old one opens nothing more', () => {
  const { directory, keys } = filled();
  const old = readFileSync(join(keys, 'personal.key'));
  const safe = scratchDirectory();
  for (const half of ['key', 'pub']) copyFileSync(join(keys, `personal.${half}`), join(safe, `personal.${half}`));
  expect(rotateZone('personal', keys, keys)).toBe(1);
  expect(countIn(directory)).toBe(2);
  expect(readdirSync(keys).filter((name) => name.endsWith('.new'))).toEqual([]);
  expect(readFileSync(join(keys, 'personal.key')).equals(old)).toBe(false);
  for (const half of ['key', 'pub']) copyFileSync(join(safe, `personal.${half}`), join(keys, `personal.${half}`));
  expect(() => countIn(directory)).toThrow('another key of that zone');
});

test('who still writes with the old key is told, and stores nothing that nobody could read', () => {
  const { directory, keys } = filled();
  const running = testZone(directory, 'personal');
  rotateZone('personal', keys, keys);
  expect(() => running.insert([record(2)])).toThrow('another key of that zone');
  running.close();
  expect(countIn(directory)).toBe(2);
});

test('a crash at any step is brought to its end by the next call', () => {
  const steps: readonly ((keys: string, next: string) => void)[] = [
    // The pair was written by halves.
    (keys) => copyFileSync(join(keys, 'personal.key'), join(keys, 'personal.key.new')),
    // Sealed anew, and nothing renamed.
    (keys, before) => {
      rotateZone('personal', keys, keys);
      for (const half of ['key', 'pub']) {
        renameSync(join(keys, `personal.${half}`), join(keys, `personal.${half}.new`));
        copyFileSync(join(before, `personal.${half}`), join(keys, `personal.${half}`));
      }
    },
    // The old private half destroyed, and nothing renamed.
    (keys, before) => {
      rotateZone('personal', keys, keys);
      for (const half of ['key', 'pub']) renameSync(join(keys, `personal.${half}`), join(keys, `personal.${half}.new`));
      copyFileSync(join(before, 'personal.pub'), join(keys, 'personal.pub'));
    },
    // Between the two renames.
    (keys, before) => {
      rotateZone('personal', keys, keys);
      renameSync(join(keys, 'personal.pub'), join(keys, 'personal.pub.new'));
      copyFileSync(join(before, 'personal.pub'), join(keys, 'personal.pub'));
    },
  ];
  for (const [at, crash] of steps.entries()) {
    const { directory, keys } = filled();
    const before = scratchDirectory();
    for (const half of ['key', 'pub']) copyFileSync(join(keys, `personal.${half}`), join(before, `personal.${half}`));
    crash(keys, before);
    rotateZone('personal', keys, keys);
    expect(countIn(directory), `step ${at}`).toBe(2);
  }
});
