import { constants, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mayStartDeflate } from '../../../support/canary/deflate-probe.ts';
import { inflate } from '../../../support/canary/inflate.ts';
import { noise } from './plants.ts';

const LIMIT = 2 ** 20;
const contents = fc.oneof(
  fc.uint8Array({ maxLength: 3_000 }),
  fc.string({ maxLength: 3_000 }).map((text) => Buffer.from(text)),
  fc
    .array(fc.constantFrom('speed', '42.5', 'Vehicle.Speed', '\n', 'aaaaaaaa'), { maxLength: 2_000 })
    .map((words) => Buffer.from(words.join(' '))),
);
const settings = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  strategy: fc.constantFrom(constants.Z_DEFAULT_STRATEGY, constants.Z_FIXED, constants.Z_HUFFMAN_ONLY, constants.Z_RLE),
});

test('reads whatever zlib writes, to the byte, and knows where it ends', () => {
  fc.assert(
    fc.property(contents, settings, (content, how) => {
      const stream = deflateRawSync(content, how);
      const read = inflate(Buffer.concat([noise(3, 5), stream, noise(4, 20)]), 5, LIMIT);
      expect(Buffer.from(read.bytes).equals(content)).toBe(true);
      expect(read).toMatchObject({ consumed: stream.length, isWhole: true, isCut: false });
    }),
    { numRuns: 500 },
  );
});

test('keeps what came before a stream broke off', () => {
  fc.assert(
    fc.property(contents, fc.double({ min: 0, max: 1, noNaN: true }), (content, share) => {
      const stream = deflateRawSync(content);
      const read = inflate(stream.subarray(0, Math.floor(stream.length * share * 0.99)), 0, LIMIT);
      expect(read.isWhole).toBe(false);
      expect(Buffer.from(read.bytes).equals(Buffer.from(content.subarray(0, read.bytes.length)))).toBe(true);
    }),
  );
});

test('a match that points before the start ends the stream', () => {
  const dictionary = Buffer.from('{"Vehicle.Speed":42.5}');
  const stream = deflateRawSync(Buffer.concat([Buffer.from('new '), dictionary]), { dictionary });
  const read = inflate(stream, 0, LIMIT);
  expect(Buffer.from(read.bytes).toString()).toMatch(/^new \{?$/);
  expect(read.isWhole).toBe(false);
});

test('never passes the limit, whatever it is given', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), fc.integer({ min: 0, max: 5_000 }), (bytes, limit) => {
      expect(inflate(bytes, 0, limit).bytes.length).toBeLessThanOrEqual(limit);
    }),
  );
});

test('the probe lets every compressed stream through', () => {
  fc.assert(
    fc.property(contents, settings, (content, how) => {
      const stream = deflateRawSync(content, how);
      const isShown = stream.subarray(0, 16).some((byte) => byte >= 0x80) || ((stream[0] ?? 0) & 6) === 4;
      if (isShown && content.length > 0) expect(mayStartDeflate(Buffer.concat([stream, noise(6, 30)]), 0)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('the probe refuses text, and nearly all noise', () => {
  const text = Buffer.from('{"subjectTag":"0011223344","Vehicle.Speed":42.5}\n'.repeat(50));
  const taken = (bytes: Buffer): number => bytes.filter((_, at) => mayStartDeflate(bytes, at)).length;
  expect(taken(text)).toBe(0);
  expect(taken(noise(5, 20_000))).toBeLessThan(20_000 / 50);
});
