import { type PrefixCode, prefixCodeOf } from './huffman.ts';

/** The two codes of a compressed block: literals and match lengths, and match distances. */
export interface DeflateCodes {
  readonly symbols: PrefixCode;
  readonly distances: PrefixCode;
}

export const END_OF_BLOCK = 256;

/** Extra bits of match lengths (symbols 257 to 285) and distances (0 to 29). */
export const LENGTH_EXTRA = Uint8Array.of(
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  1,
  1,
  1,
  1,
  2,
  2,
  2,
  2,
  3,
  3,
  3,
  3,
  4,
  4,
  4,
  4,
  5,
  5,
  5,
  5,
  0,
);
export const DISTANCE_EXTRA = Uint8Array.from({ length: 30 }, (_, symbol) => Math.max(0, (symbol >> 1) - 1));
/** 285 is out of line: it is 258, which 284 could also reach. */
export const LENGTH_BASE = Uint16Array.from(basesOf(LENGTH_EXTRA, 3)).with(28, 258);
export const DISTANCE_BASE = Uint16Array.from(basesOf(DISTANCE_EXTRA, 1));
export const FIXED_CODES = fixedCodes();

function basesOf(extraBits: Uint8Array, first: number): readonly number[] {
  const bases: number[] = [];
  let base = first;
  for (const bits of extraBits) {
    bases.push(base);
    base += 2 ** bits;
  }
  return bases;
}

/** RFC 1951, 3.2.6. */
function fixedCodes(): DeflateCodes {
  const lengths = new Uint8Array(288).fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280).fill(8, 280, 288);
  const symbols = prefixCodeOf(lengths, false);
  const distances = prefixCodeOf(new Uint8Array(32).fill(5), false);
  if (symbols === undefined || distances === undefined)
    throw new Error('broken invariant: fixed deflate codes are complete');
  return { symbols, distances };
}
