import { expect, test } from 'vitest';
import { prefixCodeOf } from '../../../support/canary/huffman.ts';

test('codes are given in the order of RFC 1951, 3.2.2', () => {
  // Its own example: lengths 3, 3, 3, 3, 3, 2, 4, 4 for the letters A to H.
  const code = prefixCodeOf([3, 3, 3, 3, 3, 2, 4, 4], false);
  const codes = ['010', '011', '100', '101', '110', '00', '1110', '1111'];
  for (const [symbol, bits] of codes.entries()) {
    // The first bit of a code is the lowest bit of the stream.
    const index = Number.parseInt([...bits].reverse().join(''), 2);
    expect(code?.entries[index]).toBe((symbol << 4) | bits.length);
  }
});

test.each([
  ['none at all', [0, 0], false],
  ['too few', [1, 2], false],
  ['too many', [1, 1, 1], false],
  ['one of one bit, where that is not allowed', [1], false],
  ['one of two bits', [2], true],
])('codes that do not fill the space are refused: %s', (_name, lengths, allowsSingle) => {
  expect(prefixCodeOf(lengths, allowsSingle)).toBeUndefined();
});

test.each([
  ['a lone distance', [0, 1]],
  ['no distance', [0, 0]],
])('a block with %s is sound', (_name, lengths) => {
  expect(prefixCodeOf(lengths, true)).toBeDefined();
});
