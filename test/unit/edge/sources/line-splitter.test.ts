import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { splitLines } from '../../../../edge/sources/line-splitter.ts';
import { seededChance } from '../../../support/edge/seeded.ts';

const BYTES_MAX = 64;

function splitter(bytesMax = BYTES_MAX) {
  const lines: string[] = [];
  const counts = { tooLong: 0 };
  const made = splitLines(
    bytesMax,
    (line) => lines.push(line),
    () => {
      counts.tooLong += 1;
    },
  );
  return { ...made, lines, counts };
}

const pushText = (into: { push: (chunk: Uint8Array) => void }, ...chunks: readonly string[]): void => {
  for (const chunk of chunks) into.push(Buffer.from(chunk));
};

describe('splitLines', () => {
  test('gives lines without their line feeds, however the bytes arrive', () => {
    const text = 'one\ntwo\n\nthree\r\nfour 通关';
    const whole = splitter();
    pushText(whole, text);
    whole.end();
    const bytewise = splitter();
    for (const byte of Buffer.from(text)) bytewise.push(Uint8Array.of(byte));
    bytewise.end();
    expect(whole.lines).toEqual(['one', 'two', 'three\r', 'four 通关']);
    expect(bytewise.lines).toEqual(whole.lines);
  });

  test('gives nothing of an unfinished line until it ends', () => {
    const lines = splitter();
    pushText(lines, 'ab', 'cd');
    expect(lines.lines).toEqual([]);
    pushText(lines, '\n');
    expect(lines.lines).toEqual(['abcd']);
  });

  test('a line of the longest length passes, one byte more is skipped and counted once, and the next line is whole', () => {
    for (const chunkBytes of [1, 7, 64, 65, 1_000]) {
      const lines = splitter();
      const bytes = Buffer.from(`${'a'.repeat(64)}\n${'b'.repeat(65)}\n${'c'.repeat(500)}\nd\n`);
      for (let start = 0; start < bytes.length; start += chunkBytes)
        lines.push(bytes.subarray(start, start + chunkBytes));
      expect(lines.lines, String(chunkBytes)).toEqual(['a'.repeat(64), 'd']);
      expect(lines.counts.tooLong).toBe(2);
    }
  });

  test('counts a line that is too long also when the stream ends in it', () => {
    const lines = splitter();
    pushText(lines, 'x'.repeat(65));
    lines.end();
    lines.end();
    expect([lines.lines, lines.counts.tooLong]).toEqual([[], 1]);
  });

  test('a caller that reuses its chunk does not change what was taken', () => {
    const lines = splitter();
    const chunk = Buffer.from('abc');
    lines.push(chunk);
    chunk.fill(0x7a);
    pushText(lines, '\n');
    expect(lines.lines).toEqual(['abc']);
  });

  test('100,000 random chunks give the lines of a plain split, whatever their bytes', () => {
    const chance = seededChance(20_200_718);
    const pool = Uint8Array.from({ length: 65_536 }, () => (chance() < 0.04 ? 0x0a : Math.floor(chance() * 256)));
    const sent: Uint8Array[] = [];
    const lines = splitter();
    for (let index = 0; index < 100_000; index += 1) {
      const start = Math.floor(chance() * 65_000);
      const chunk = pool.subarray(start, start + Math.floor(chance() ** 3 * 90));
      sent.push(chunk);
      lines.push(chunk);
    }
    lines.end();
    const expected = splitPlainly(Buffer.concat(sent));
    expect(lines.counts.tooLong).toBe(expected.tooLong);
    expect(expected.tooLong).toBeGreaterThan(1_000);
    // One comparison of two texts: a hundred thousand lines shown side by side help nobody.
    expect(lines.lines.length).toBe(expected.lines.length);
    expect(lines.lines.findIndex((line, index) => line !== expected.lines[index])).toBe(-1);
  });

  test('holds about the bytes of an unfinished line, also when they come one by one', () => {
    const lines = splitter(3_000_000);
    const before = heldBytes();
    for (let index = 0; index < 300_000; index += 1) lines.push(new Uint8Array(1));
    expect(heldBytes() - before).toBeLessThan(5_000_000);
    lines.end();
    expect(lines.lines[0]).toHaveLength(300_000);
  });
});

function splitPlainly(bytes: Buffer): { readonly lines: readonly string[]; readonly tooLong: number } {
  const lines: string[] = [];
  let tooLong = 0;
  for (let start = 0; start <= bytes.length; ) {
    const feed = bytes.indexOf(0x0a, start);
    const end = feed === -1 ? bytes.length : feed;
    if (end - start > BYTES_MAX) tooLong += 1;
    else if (end > start) lines.push(bytes.toString('utf8', start, end));
    start = end + 1;
  }
  return { lines, tooLong };
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes in use once the garbage is gone. */
function heldBytes(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
