/** Decoding table of one canonical prefix code (RFC 1951, 3.2.2), indexed by the next `bits` bits of the stream. */
export interface PrefixCode {
  readonly bits: number;
  /** For each index `symbol << 4 | length`, or 0 where no code stands. */
  readonly entries: Uint16Array;
}

const CODE_BITS_MAX = 15;

/**
 * Builds the table for a list of code lengths.
 *
 * @param lengths - length in bits of the code of each symbol, 0 for none, at most 15
 * @param allowsSingle - a lone code of one bit leaves half the space empty and is still legal (RFC 1951, 3.2.7)
 * @returns undefined when the lengths do not fill the code space exactly: then this is no deflate block
 */
export function prefixCodeOf(lengths: ArrayLike<number>, allowsSingle: boolean): PrefixCode | undefined {
  const counts = new Uint16Array(CODE_BITS_MAX + 1);
  for (let symbol = 0; symbol < lengths.length; symbol++)
    counts[lengths[symbol] ?? 0] = (counts[lengths[symbol] ?? 0] ?? 0) + 1;
  counts[0] = 0;
  if (!isComplete(counts) && !(allowsSingle && isSingle(counts))) return undefined;
  const bits = counts.findLastIndex((count) => count > 0);
  const entries = new Uint16Array(2 ** bits);
  const next = firstCodes(counts);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol] ?? 0;
    if (length === 0) continue;
    const code = next[length] ?? 0;
    next[length] = code + 1;
    const step = 2 ** length;
    for (let at = reversed(code, length); at < entries.length; at += step) entries[at] = (symbol << 4) | length;
  }
  return { bits, entries };
}

/** Kraft's equality. */
function isComplete(counts: Uint16Array): boolean {
  let left = 1;
  for (let length = 1; length < counts.length; length++) left = left * 2 - (counts[length] ?? 0);
  return left === 0;
}

/** One code of one bit, or none at all: a block of literals needs no distances. */
function isSingle(counts: Uint16Array): boolean {
  return counts.every((count, length) => count === 0 || (length === 1 && count === 1));
}

function firstCodes(counts: Uint16Array): Uint16Array {
  const first = new Uint16Array(CODE_BITS_MAX + 2);
  for (let length = 1; length <= CODE_BITS_MAX; length++) {
    first[length + 1] = ((first[length] ?? 0) + (counts[length] ?? 0)) << 1;
  }
  return first;
}

/** Codes are packed from their first bit on, everything else from the lowest. */
function reversed(code: number, length: number): number {
  let result = 0;
  for (let bit = 0; bit < length; bit++) result |= ((code >>> bit) & 1) << (length - 1 - bit);
  return result;
}
