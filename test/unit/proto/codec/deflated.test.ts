import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BATCH_WORDS } from '../../../../proto/codec/batch-words.ts';
import { deflate, inflate } from '../../../../proto/codec/deflated.ts';

const dictionary = Buffer.from(BATCH_WORDS);
/** Bytes as a batch has them: words of the dictionary, and numbers in between. */
const bodies = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 9 }),
      fc.nat(dictionary.length - 40).map((at) => dictionary.subarray(at, at + 30)),
    ),
    {
      maxLength: 160,
    },
  )
  .map((parts) => new Uint8Array(Buffer.concat(parts)));

test('whatever its length, what was deflated inflates to itself, and is as short as the compressor makes it', () => {
  let small = 0;
  fc.assert(
    fc.property(bodies, (body) => {
      if (body.length <= 2_000) small += 1;
      const stream = deflate(body);
      const inflated = inflate(stream);
      expect(inflated.ok && Buffer.from(inflated.value).equals(body)).toBe(true);
      expect(stream.length).toBeLessThanOrEqual(deflateRawSync(body, { dictionary }).length);
    }),
    { numRuns: 300 },
  );
  expect(small).toBeGreaterThan(30);
});

test.each([1_999, 2_000, 2_001, 2_048])('%i bytes, where the window changes', (length) => {
  const body = Uint8Array.from({ length }, (_, index) => dictionary[(index * 7) % dictionary.length] ?? 0);
  const inflated = inflate(deflate(body));
  expect(inflated.ok && Buffer.from(inflated.value).equals(body)).toBe(true);
});
