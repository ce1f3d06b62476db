import { expect, onTestFinished, test } from 'vitest';
import { findNewest, findOfTransfer } from '../../../../cloud/log/find-entries.ts';
import { createLog } from '../../../../cloud/log/open-log.ts';
import { readLog } from '../../../../cloud/log/read-log.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { NOW, optionsFor, scratchDirectory, unwrap } from './scratch-log.ts';

/** 700 entries, ten a second; each hundredth is of another kind, each tenth of one transfer. */
function log() {
  const directory = scratchDirectory();
  let now = NOW;
  const written = unwrap(createLog({ ...optionsFor(directory), clock: { now: () => now } }));
  for (let second = 0; second < 70; second += 1) {
    now = at(second);
    const entries = Array.from({ length: 10 }, (_, of) => {
      const kind = of === 0 && second % 10 === 0 ? 'rare' : 'usual';
      return { kind, transferId: of === 0 ? 't-ten' : '', actor: `a${of % 2}`, document: { second, of } };
    });
    unwrap(written.append(entries));
  }
  written.close();
  const read = unwrap(readLog(optionsFor(directory)));
  onTestFinished(() => read.close());
  return read;
}

const at = (seconds: number) => (NOW + seconds * 1_000) as Instant;

test('newest first, page for page, each entry once, by kind, actor, transfer and time', () => {
  const read = log();
  const seen: number[] = [];
  let before: number | undefined = read.head.size;
  while (before !== undefined) {
    const found = findNewest(read, {}, before, 60);
    seen.push(...found.entries.map(({ index }) => index));
    before = found.next;
  }
  expect(seen).toEqual(Array.from({ length: 700 }, (_, index) => 699 - index));
  const indexes = (query: Parameters<typeof findNewest>[1]) =>
    findNewest(read, query, read.head.size, 1_000).entries.map(({ index }) => index);
  expect(indexes({ kind: 'rare' })).toEqual([600, 500, 400, 300, 200, 100, 0]);
  expect(indexes({ kind: 'rare', actor: 'a1' })).toEqual([]);
  expect(indexes({ from: at(51), to: at(51) })).toEqual([519, 518, 517, 516, 515, 514, 513, 512, 511, 510]);
  expect(indexes({ to: at(0) })).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
  expect(indexes({ from: at(69), actor: 'a1' })).toEqual([699, 697, 695, 693, 691]);
  expect(indexes({ from: at(70) })).toEqual([]);
  expect(indexes({ transferId: 't-ten', from: at(68) })).toEqual([690, 680]);
});

test('entries of a transfer, oldest first, from an instant on', () => {
  const read = log();
  const { entries, next } = findOfTransfer(read, 't-ten', (at(50) + 1) as Instant, 1_000);
  expect(entries.map(({ index }) => index)).toEqual([510, ...Array.from({ length: 18 }, (_, n) => 520 + 10 * n)]);
  expect(next).toBeUndefined();
  expect(findOfTransfer(read, 't-ten', at(0), 3)).toMatchObject({ next: 21 });
});

test('a log without an entry has none to find', () => {
  const directory = scratchDirectory();
  unwrap(createLog(optionsFor(directory))).close();
  const read = unwrap(readLog(optionsFor(directory)));
  onTestFinished(() => read.close());
  expect(findNewest(read, { to: at(1) }, 0, 10)).toEqual({ entries: [] });
  expect(findOfTransfer(read, 't', at(0), 10)).toEqual({ entries: [] });
});
