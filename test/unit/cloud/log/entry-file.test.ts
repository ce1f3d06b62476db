import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { cutBack, type Frame, frameLeaves, walkFrames } from '../../../../cloud/log/entry-file.ts';
import { LEAF_BYTES_MAX } from '../../../../cloud/log/leaf.ts';
import { filesOf, scratchDirectory } from './scratch-log.ts';

const leaf = (length: number, fill = length % 251) => Buffer.alloc(length, fill);

function fileOf(bytes: Uint8Array): { readonly fd: number; readonly directory: string } {
  const directory = scratchDirectory();
  const path = join(directory, 'entries.log');
  writeFileSync(path, bytes);
  writeFileSync(join(directory, 'checkpoint'), '');
  const fd = openSync(path, 'a+');
  onTestFinished(() => closeSync(fd));
  return { fd, directory };
}

/** Lengths of the whole entries, then why there are no more. */
function walk(bytes: Uint8Array, from = 0): readonly (number | Frame['kind'])[] {
  return [...walkFrames(fileOf(bytes).fd, from)].map((frame) =>
    frame.kind === 'whole' ? frame.leaf.length : frame.kind,
  );
}

test('an entry is four bytes of length, big-endian, and the leaf', () => {
  expect(frameLeaves([Buffer.from('a'), leaf(258, 7)])).toEqual(
    Buffer.concat([Buffer.of(0, 0, 0, 1, 0x61), Buffer.of(0, 0, 1, 2), leaf(258, 7)]),
  );
});

test('reads back entries of every size, the largest too, each with its end', () => {
  const leaves = [1, 3, 65_531, 65_532, 65_533, 200_000, LEAF_BYTES_MAX, 1].map((length) => leaf(length));
  const { fd } = fileOf(frameLeaves(leaves));
  let end = 0;
  let index = 0;
  for (const frame of walkFrames(fd, 0)) {
    const expected = leaves[index] ?? leaf(0);
    end += 4 + expected.length;
    expect(frame.kind === 'whole' && frame.end).toBe(end);
    expect(frame.kind === 'whole' && Buffer.compare(frame.leaf, expected)).toBe(0);
    index += 1;
  }
  expect(index).toBe(leaves.length);
});

test('can begin at any entry', () => {
  expect(walk(frameLeaves([leaf(10), leaf(20), leaf(30)]), 14)).toEqual([20, 30]);
  expect(walk(frameLeaves([leaf(10)]), 14)).toEqual([]);
});

test('an empty file has no entries', () => {
  expect(walk(Buffer.of())).toEqual([]);
});

test('says where the file ends inside an entry, at every byte of it', () => {
  const bytes = frameLeaves([leaf(10), leaf(20)]);
  for (let length = 15; length < bytes.length; length += 1)
    expect(walk(bytes.subarray(0, length))).toEqual([10, 'cut']);
});

test('an impossible length ends the walk without reading that far', () => {
  const good = frameLeaves([leaf(10)]);
  const length = (value: number) => Buffer.from(Uint32Array.of(value).buffer).reverse();
  for (const impossible of [0, LEAF_BYTES_MAX + 1, 0xffffffff]) {
    expect(walk(Buffer.concat([good, length(impossible), leaf(100)]))).toEqual([10, 'malformed']);
  }
});

test('a leaf that no reader would take is never framed', () => {
  expect(() => frameLeaves([leaf(0)])).toThrow('broken invariant');
  expect(() => frameLeaves([leaf(LEAF_BYTES_MAX + 1)])).toThrow('broken invariant');
});

test('is cut back to a length', () => {
  const { fd, directory } = fileOf(Buffer.from('abcdefg'));
  cutBack(fd, 4);
  expect(filesOf(directory).entries.toString()).toBe('abcd');
});
