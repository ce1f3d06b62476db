import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { frameLeaves } from '../../../../cloud/log/entry-file.ts';
import { replayEntries } from '../../../../cloud/log/replay.ts';
import { hex, referenceLeaves, referenceTree } from './reference-tree.ts';
import { scratchDirectory } from './scratch-log.ts';

// The first reference leaf is empty, and an entry never is.
const leaves = [Buffer.from('first'), ...referenceLeaves.slice(1)];

function replay(bytes: Uint8Array, size: number) {
  const path = join(scratchDirectory(), 'entries.log');
  writeFileSync(path, bytes);
  const fd = openSync(path, 'r');
  onTestFinished(() => closeSync(fd));
  const seen: string[] = [];
  const result = replayEntries(fd, size, ({ index, leaf, range }) =>
    seen.push(`${index}/${range.size()}:${hex(leaf)}`),
  );
  return { result, seen };
}

test('hashes the first entries, shows each with its place, and looks at no more', () => {
  const { result, seen } = replay(Buffer.concat([frameLeaves(leaves.slice(1, 4)), Buffer.from('rubbish')]), 3);
  expect(seen).toEqual(['0/1:00', '1/2:10', '2/3:2021']);
  expect(result.ok && [result.value.range.size(), result.value.bytes]).toEqual([3, 16]);
});

test('no entries are the empty tree, whatever the file holds', () => {
  const { result, seen } = replay(Buffer.from('rubbish'), 0);
  expect(seen).toEqual([]);
  expect(result.ok && [hex(result.value.range.root()), result.value.bytes]).toEqual([referenceTree.roots[0], 0]);
});

test('names the first entry that is not there', () => {
  const bytes = frameLeaves(leaves);
  expect(replay(bytes, 9).result).toEqual({ ok: false, fault: { damage: 'entries-short', entry: 8 } });
  expect(replay(bytes.subarray(0, -1), 8).result).toEqual({ ok: false, fault: { damage: 'entries-short', entry: 7 } });
  const zeroed = Buffer.concat([frameLeaves(leaves.slice(0, 2)), Buffer.alloc(4), bytes]);
  expect(replay(zeroed, 8).result).toEqual({ ok: false, fault: { damage: 'entry-framing', entry: 2 } });
});
