import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { TILE_ENTRIES } from '../../../../cloud/log/merkle.ts';
import type { NewEntry, OpenLog } from '../../../../cloud/log/open-log.ts';
import { keepLog } from '../../../../cloud/log/read-log.ts';
import { encodeTerms, NO_TERMS, TERMS_FILE, termOf } from '../../../../cloud/log/tile-terms.ts';
import { logOf, ORIGIN, optionsFor, reopened, scratchDirectory, unwrap } from './scratch-log.ts';

const rare: NewEntry = { kind: 'rare', transferId: '', actor: 'cloud', document: {} };
const RARE = termOf('kind', 'rare');

/** Two full tiles and some; the second has an entry of its own kind. */
function grown(): { readonly directory: string; readonly log: OpenLog; readonly file: string } {
  const directory = scratchDirectory();
  const log = logOf(directory, [TILE_ENTRIES + 40]);
  onTestFinished(() => log.close());
  unwrap(log.append([rare]));
  for (let more = 0; more < 3; more += 1)
    unwrap(log.append(Array.from({ length: 80 }, () => rare).slice(more === 0 ? 0 : 79)));
  unwrap(log.append(Array.from({ length: TILE_ENTRIES }, () => ({ ...rare, kind: 'usual' }))));
  return { directory, log, file: join(directory, TERMS_FILE) };
}

const read = (directory: string) => {
  const kept = keepLog(optionsFor(directory));
  onTestFinished(kept.close);
  return unwrap(kept.read());
};

test('a tile is found by the kinds, transfers and actors of its entries, and by no other', () => {
  const { log, directory } = grown();
  for (const { terms } of [log, read(directory)]) {
    expect(terms.count()).toBe(2);
    expect([0, 1, 2].map((tile) => terms.mayHave(tile, RARE))).toEqual([false, true, true]);
    expect(terms.mayHave(0, termOf('transferId', 't-255'))).toBe(true);
    expect(terms.mayHave(0, termOf('actor', 'cloud'))).toBe(true);
    // A kind is no actor.
    expect(terms.mayHave(0, termOf('kind', 'cloud'))).toBe(false);
  }
});

test('entries of one kind are those that all entries hold of it', () => {
  const { log } = grown();
  for (const from of [0, 300, 400]) {
    const all = [...log.entries(from)].filter(({ leaf }) => leaf.kind === 'rare');
    expect([...log.entriesOfKind('rare', from)]).toEqual(all);
  }
});

test('what is gone, cut, changed, of another log or signed by another is made again by the writer, and hides nothing from a reader', () => {
  const { directory, log, file } = grown();
  log.close();
  const good = readFileSync(file);
  const other = scratchDirectory();
  logOf(other, [2 * TILE_ENTRIES]).close();
  const { privateKey: signingKey } = generateKeyPairSync('ed25519');
  const none = { root: Buffer.alloc(32), terms: new Uint32Array([1]) };
  const forged = encodeTerms([none, none], NO_TERMS, { origin: ORIGIN, signingKey }).records;
  const bad = [
    Buffer.alloc(0),
    good.subarray(0, good.length - 1),
    good.with(4, 7),
    Buffer.alloc(80),
    readFileSync(join(other, TERMS_FILE)),
    forged,
  ];
  for (const bytes of bad) {
    writeFileSync(file, bytes);
    const { terms, head } = read(directory);
    for (let tile = 0; tile * TILE_ENTRIES < head.size; tile += 1)
      if (tile > 0) expect(terms.mayHave(tile, RARE)).toBe(true);
    const again = reopened(directory);
    expect([0, 1, 2].map((tile) => again.terms.mayHave(tile, RARE))).toEqual([false, true, true]);
    again.close();
    expect(read(directory).terms.count()).toBe(2);
  }
});

test('a tear in the last record costs that record and no more', () => {
  const { directory, log, file } = grown();
  log.close();
  const good = readFileSync(file);
  writeFileSync(file, good.subarray(0, good.length - 10));
  expect(read(directory).terms.count()).toBe(1);
});
