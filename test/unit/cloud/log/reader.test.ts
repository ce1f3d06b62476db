import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { TILE_ENTRIES } from '../../../../cloud/log/merkle.ts';
import {
  codeOf,
  entries,
  filesOf,
  logOf,
  NOW,
  numbersIn,
  reopened,
  scratchDirectory,
  unwrap,
  verifyFaults,
} from './scratch-log.ts';

const SIZE = 2 * TILE_ENTRIES + 3;

function filled(directory = scratchDirectory()) {
  const log = logOf(directory, [1, TILE_ENTRIES, SIZE - TILE_ENTRIES - 1]);
  onTestFinished(() => log.close());
  return log;
}

test('every entry is found by its index, before and after reopening', () => {
  const directory = scratchDirectory();
  for (const log of [filled(directory), reopened(directory)]) {
    for (const index of [0, 1, TILE_ENTRIES - 1, TILE_ENTRIES, 2 * TILE_ENTRIES - 1, 2 * TILE_ENTRIES, SIZE - 1]) {
      expect(unwrap(log.read(index))).toEqual({
        recordedAtMs: NOW,
        kind: 'verdict',
        transferId: `t-${index}`,
        actor: 'cloud',
        document: Buffer.from(`{"number":${index}}`),
      });
    }
  }
});

test('a leaf that was read stays as it was when the next is read', () => {
  const log = filled();
  const first = unwrap(log.read(0));
  unwrap(log.read(1));
  expect(Buffer.from(first.document).toString()).toBe('{"number":0}');
});

test.each([-1, SIZE, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('there is no entry %d', (index) => {
  expect(codeOf(filled().read(index))).toBe('LOG_NO_ENTRY');
});

test('entries come in order, from any of them on', () => {
  const log = filled();
  const all = Array.from({ length: SIZE }, (_, index) => index);
  expect(numbersIn(log)).toEqual(all);
  for (const from of [0, 1, TILE_ENTRIES - 1, TILE_ENTRIES, SIZE - 1, SIZE, SIZE + 1]) {
    expect([...log.entries(from)].map(({ index }) => index)).toEqual(all.slice(from));
  }
});

test('entries end where the head was when they were asked for', () => {
  const log = filled();
  const asked = log.entries(SIZE - 1);
  unwrap(log.append(entries(SIZE, 2)));
  expect([...asked]).toHaveLength(1);
  expect([...log.entries(SIZE - 1)]).toHaveLength(3);
});

test('two walks at once do not disturb each other', () => {
  const log = filled();
  const pairs: number[][] = [];
  for (const outer of log.entries(SIZE - 2))
    for (const inner of log.entries(SIZE - 2)) pairs.push([outer.index, inner.index]);
  expect(pairs).toEqual([
    [SIZE - 2, SIZE - 2],
    [SIZE - 2, SIZE - 1],
    [SIZE - 1, SIZE - 2],
    [SIZE - 1, SIZE - 1],
  ]);
});

test('what was damaged under an open log is said, not read', () => {
  const directory = scratchDirectory();
  const log = filled(directory);
  const path = join(directory, 'entries.log');
  const { entries: bytes } = filesOf(directory);
  writeFileSync(path, bytes.with(bytes.length - 1, 0x21));
  expect(codeOf(log.read(SIZE - 1))).toBe('LOG_CORRUPT');
  expect(() => [...log.entries()]).toThrow('broken invariant');
  truncateSync(path, bytes.length - 1);
  expect(codeOf(log.read(SIZE - 1))).toBe('LOG_CORRUPT');
  expect(() => [...log.entries()]).toThrow('broken invariant');
});

test('an entry changed in a full tile is not given out, nor is any of its tile, though its log opened', () => {
  const directory = scratchDirectory();
  filled(directory).close();
  const { entries: bytes } = filesOf(directory);
  // The document of entry 3 is the digit before its closing brace.
  const at = bytes.indexOf('{"number":3}') + 10;
  writeFileSync(join(directory, 'entries.log'), bytes.with(at, 0x39));
  const log = reopened(directory);
  expect(codeOf(log.read(3))).toBe('LOG_CORRUPT');
  expect(codeOf(log.read(TILE_ENTRIES - 1))).toBe('LOG_CORRUPT');
  expect(codeOf(log.read(TILE_ENTRIES))).toBe('none');
  expect(() => [...log.entries()]).toThrow('broken invariant');
  expect(verifyFaults(directory)).toEqual(['LOG_CORRUPT']);
});
