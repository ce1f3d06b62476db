import { expect, test } from 'vitest';
import { guardLengths } from '../../../../edge/sources/mqtt-lengths.ts';
import { seededChance } from '../../../support/edge/seeded.ts';

const packet = (length: number): Buffer => {
  const bytes = [0x30];
  for (let rest = length; ; rest = Math.floor(rest / 128)) {
    bytes.push((rest % 128) + (rest >= 128 ? 128 : 0));
    if (rest < 128) return Buffer.concat([Buffer.from(bytes), Buffer.alloc(length, 0xff)]);
  }
};

test('packets up to the limit pass, however the stream is cut', () => {
  const stream = Buffer.concat([
    packet(0),
    packet(1),
    packet(127),
    packet(128),
    packet(300),
    packet(0),
    packet(16_384),
  ]);
  for (const size of [1, 2, 3, 7, 130, 100_000]) {
    const guard = guardLengths(16_384);
    for (let at = 0; at < stream.length; at += size) expect(guard.push(stream.subarray(at, at + size))).toBe(true);
  }
});

test.each([
  ['one byte more', packet(301)],
  ['256 MB', Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f])],
  ['a length of five bytes', Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80, 0x01])],
])('%s is found at its header, and the guard stays broken', (_, stream) => {
  const guard = guardLengths(300);
  expect(guard.push(packet(300))).toBe(true);
  expect(guard.push(stream.subarray(0, 5))).toBe(false);
  expect(guard.push(packet(0))).toBe(false);
});

test('100,000 random chunks: nothing throws', () => {
  const chance = seededChance(31);
  let guard = guardLengths(64);
  let broken = 0;
  for (let index = 0; index < 100_000; index += 1) {
    const chunk = Uint8Array.from({ length: Math.floor(chance() * 10) }, () => Math.floor(chance() * 80));
    if (guard.push(chunk)) continue;
    broken += 1;
    guard = guardLengths(64);
  }
  expect(broken).toBeGreaterThan(1_000);
});
