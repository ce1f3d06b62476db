import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ENTRIES_FILE } from '../../../../cloud/log/entry-file.ts';
import { TILE_ENTRIES } from '../../../../cloud/log/merkle.ts';
import { keepLog, readLog } from '../../../../cloud/log/read-log.ts';
import { termOf } from '../../../../cloud/log/tile-terms.ts';
import { entries, logOf, optionsFor, reopened, scratchDirectory, unwrap } from './scratch-log.ts';

const hexes = (hashes: readonly Uint8Array[]): readonly string[] =>
  hashes.map((one) => Buffer.from(one).toString('hex'));

function scene(sizes: readonly number[]) {
  const directory = scratchDirectory();
  const log = logOf(directory, sizes);
  const kept = keepLog(optionsFor(directory));
  onTestFinished(() => {
    kept.close();
    log.close();
  });
  return { directory, log, kept };
}

test('a kept log gives at each head what one that is opened anew gives', () => {
  const { directory, log, kept } = scene([10]);
  for (const more of [1, 245, 300, 2, 600]) {
    unwrap(log.append(entries(log.head().size, more)));
    const [now, anew] = [unwrap(kept.read()), unwrap(readLog(optionsFor(directory)))];
    expect([now.head, now.note, hexes(now.tileRoots())]).toEqual([anew.head, anew.note, hexes(anew.tileRoots())]);
    for (const index of [0, 9, now.head.size - 1])
      expect(hexes(now.proveInclusion(index))).toEqual(hexes(anew.proveInclusion(index)));
    expect(hexes(now.proveConsistency(11))).toEqual(hexes(anew.proveConsistency(11)));
    expect([...now.entries(now.head.size - 3)]).toEqual([...anew.entries(now.head.size - 3)]);
    expect(now.terms.count()).toBe(Math.floor(now.head.size / TILE_ENTRIES));
    anew.close();
  }
});

test('what was read under a head stays as it was when the log has grown', () => {
  const { log, kept } = scene([300]);
  const before = unwrap(kept.read());
  const [proof, size] = [before.proveInclusion(299), before.head.size];
  unwrap(log.append(entries(300, 400)));
  expect(unwrap(kept.read()).head.size).toBe(700);
  expect(before.head.size).toBe(size);
  expect(before.proveInclusion(299)).toEqual(proof);
  expect([...before.entries()]).toHaveLength(300);
});

test('a log that is put back to an earlier state, or to another history, is told', () => {
  const { directory, log, kept } = scene([300]);
  const [entriesFile, checkpoint] = [join(directory, ENTRIES_FILE), join(directory, 'checkpoint')];
  const old = { entries: readFileSync(entriesFile), checkpoint: readFileSync(checkpoint) };
  unwrap(log.append(entries(300, 300)));
  expect(kept.read().ok).toBe(true);
  log.close();
  writeFileSync(entriesFile, old.entries);
  writeFileSync(checkpoint, old.checkpoint);
  expect(kept.read()).toMatchObject({ ok: false, fault: { code: 'LOG_CORRUPT' } });
  const again = reopened(directory);
  unwrap(again.append(entries(7, 400)));
  expect(kept.read()).toMatchObject({ ok: false, fault: { code: 'LOG_CORRUPT' } });
});

test('terms that a process has of its own log are used in place of the file', () => {
  const { directory, log } = scene([TILE_ENTRIES]);
  const copy = scratchDirectory();
  for (const name of ['checkpoint', ENTRIES_FILE]) copyFileSync(join(directory, name), join(copy, name));
  const [with_, without] = [keepLog(optionsFor(copy), log.terms), keepLog(optionsFor(copy))];
  const missing = termOf('kind', 'missing');
  expect(unwrap(with_.read()).terms.mayHave(0, missing)).toBe(false);
  expect(unwrap(without.read()).terms.mayHave(0, missing)).toBe(true);
  for (const one of [with_, without]) one.close();
  rmSync(copy, { recursive: true });
});
