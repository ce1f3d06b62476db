import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { TILE_ENTRIES } from '../../../../cloud/log/merkle.ts';
import { openLog } from '../../../../cloud/log/open-log.ts';
import { consistencyText, inclusionText } from '../../../../cloud/log/proof-text.ts';
import { type ReadLog, readLog } from '../../../../cloud/log/read-log.ts';
import { tilePath } from '../../../../cloud/log/tile-files.ts';
import { INDEX_FILE } from '../../../../cloud/log/tile-index.ts';
import { writeBundle } from '../../../../cloud/log/write-bundle.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import {
  checkConsistency,
  checkProof,
  checkSums,
  checkTiles,
  hashLeaf,
  keyOfVkey,
  treeHash,
} from './outside-verifier.ts';
import {
  filesOf,
  logOf,
  NOW,
  ORIGIN,
  offsetsIn,
  optionsFor,
  PUBLIC_KEY,
  scratchDirectory,
  unwrap,
} from './scratch-log.ts';

function read(directory: string): ReadLog {
  const log = unwrap(readLog(optionsFor(directory)));
  onTestFinished(() => log.close());
  return log;
}

const SIZES = [1, 256, 257, 700] as const;

/** One log, closed, and the leaves it should have by the framing alone. */
function grown(size: number): { readonly directory: string; readonly leaves: readonly Buffer[] } {
  const directory = scratchDirectory();
  logOf(directory, [Math.floor(size / 2), size - Math.floor(size / 2)]).close();
  const { entries } = filesOf(directory);
  const offsets = offsetsIn(entries);
  return { directory, leaves: offsets.slice(0, -1).map((at, n) => entries.subarray(at + 4, offsets[n + 1])) };
}

const KEY = PUBLIC_KEY.export({ type: 'spki', format: 'der' }).subarray(-32);

test.each(SIZES)('an outside verifier follows proofs from a log of %d, and no other entry passes', (size) => {
  const { directory, leaves } = grown(size);
  const log = read(directory);
  expect(Buffer.from(log.head.rootHash)).toEqual(treeHash(leaves.map(hashLeaf)));
  const places = [0, 255, 256, size - 1].filter((at) => at < size);
  for (const at of places) {
    const text = inclusionText(at, log.proveInclusion(at), log.note);
    expect(checkProof(text, leaves[at] ?? Buffer.alloc(0), ORIGIN, KEY)).toBe(true);
    expect(checkProof(text, Buffer.concat([leaves[at] ?? Buffer.alloc(0), Buffer.of(0)]), ORIGIN, KEY)).toBe(false);
    if (at !== 0) expect(checkProof(text, leaves[0] ?? Buffer.alloc(0), ORIGIN, KEY)).toBe(false);
    const old = at + 1;
    const extends_ = consistencyText(old, log.proveConsistency(old), log.note);
    expect(checkConsistency(extends_, treeHash(leaves.slice(0, old).map(hashLeaf)), ORIGIN, KEY)).toBe(true);
    expect(checkConsistency(extends_, hashLeaf(Buffer.of(1)), ORIGIN, KEY)).toBe(false);
  }
});

test('a log opens by its index, which is made again when it is gone, short or wrong', () => {
  const { directory } = grown(2 * TILE_ENTRIES + 5);
  const index = join(directory, INDEX_FILE);
  const good = readFileSync(index);
  expect(good).toHaveLength(80);
  for (const bad of [Buffer.alloc(0), good.subarray(0, 39), good.subarray(0, 41), Buffer.alloc(80), good.with(50, 7)]) {
    writeFileSync(index, bad);
    const log = unwrap(openLog(optionsFor(directory)));
    expect([...log.entries()]).toHaveLength(2 * TILE_ENTRIES + 5);
    log.close();
    expect(readFileSync(index)).toEqual(good);
  }
});

test('a bundle is checked from what it holds alone; a stretch of time takes whole tiles', () => {
  const { directory, leaves } = grown(700);
  const log = read(directory);
  const out = join(scratchDirectory(), 'bundle');
  const one = { name: 'operations', origin: ORIGIN, publicKey: PUBLIC_KEY, log };
  const all = unwrap(writeBundle({ out, logs: [one] }));
  expect(all.logs).toMatchObject([{ name: 'operations', size: 700, first: 0, end: 700 }]);
  const key = keyOfVkey(readFileSync(join(out, 'keys/operations.vkey'), 'utf8'));
  expect(key).toEqual(KEY);
  expect(Buffer.concat(checkTiles(join(out, 'operations'), ORIGIN, key)).equals(Buffer.concat(leaves))).toBe(true);
  expect(checkSums(out)).toBeGreaterThan(10);
  expect(writeBundle({ out, logs: [one] })).toMatchObject({ ok: false, fault: { code: 'LOG_EXISTS' } });
  const none = join(scratchDirectory(), 'none');
  expect(unwrap(writeBundle({ out: none, logs: [one], from: (NOW + 1) as Instant })).logs).toMatchObject([{ end: 0 }]);
  expect(checkSums(none)).toBe(5);
});

test('tiles are named as C2SP names them', () => {
  expect(tilePath('tile/0', 1_234_067, 256)).toBe('tile/0/x001/x234/067');
  expect(tilePath('tile/1', 0, 7)).toBe('tile/1/000.p/7');
  expect(tilePath('tile/entries', 1_000, 256)).toBe('tile/entries/x001/000');
});
