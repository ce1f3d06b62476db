import {
  type DeflateCodes,
  DISTANCE_BASE,
  DISTANCE_EXTRA,
  END_OF_BLOCK,
  FIXED_CODES,
  LENGTH_BASE,
  LENGTH_EXTRA,
} from './deflate-codes.ts';
import { type PrefixCode, prefixCodeOf } from './huffman.ts';

export interface Inflated {
  /** What was decoded, also when the stream then broke off. */
  readonly bytes: Uint8Array;
  /** Bytes of input read. */
  readonly consumed: number;
  /** Did the last block end as it should? */
  readonly isWhole: boolean;
  /** Did decoding stop at `bytesMax`? */
  readonly isCut: boolean;
  /** Was a block with its own, consistent code tables read? Such a header does not stand in noise by chance. */
  readonly hasTables: boolean;
  /** Did anything come out of a block that was compressed? Stored blocks are in the input as they are. */
  readonly isCompressed: boolean;
}

/**
 * Decodes raw deflate (RFC 1951) from `start` as far as it goes. Unlike node:zlib it keeps what came before an error,
 * which is what a killed sender leaves, and rejects noise fast enough to be tried at every byte of 20 MB.
 *
 * @param bytesMax - output beyond this is not decoded
 */
export function inflate(input: Uint8Array, start: number, bytesMax: number): Inflated {
  const stream: Stream = { input, at: start, held: 0, heldBits: 0, output: SCRATCH, length: 0, bytesMax };
  let hasTables = false;
  let stored = 0;
  let isLast = false;
  let isSound = true;
  while (isSound && !isLast) {
    isLast = takeBits(stream, 1) === 1;
    const type = takeBits(stream, 2);
    if (type === STORED) {
      const before = stream.length;
      isSound = copyStored(stream);
      stored += stream.length - before;
    } else if (type === FIXED) isSound = decodeBlock(stream, FIXED_CODES);
    else if (type === DYNAMIC) {
      const codes = readCodes(stream);
      hasTables ||= codes !== undefined;
      isSound = codes !== undefined && decodeBlock(stream, codes);
    } else isSound = false;
  }
  return {
    bytes: stream.output.slice(0, stream.length),
    consumed: Math.min(stream.at - (stream.heldBits >>> 3), input.length) - start,
    isWhole: isSound && isLast,
    isCut: stream.length >= bytesMax,
    hasTables,
    isCompressed: stream.length > stored,
  };
}

/** The only mutable thing here: a position in bits, and what was written. */
interface Stream {
  readonly input: Uint8Array;
  at: number;
  held: number;
  heldBits: number;
  output: Uint8Array;
  length: number;
  readonly bytesMax: number;
}

/** Next `count` bits (at most 16), lowest first, or -1 at the end of the input. */
function takeBits(stream: Stream, count: number): number {
  if (!fill(stream, count)) return -1;
  const value = stream.held & ((1 << count) - 1);
  drop(stream, count);
  return value;
}

function fill(stream: Stream, count: number): boolean {
  while (stream.heldBits < count) {
    if (stream.at >= stream.input.length) return false;
    stream.held |= (stream.input[stream.at++] ?? 0) << stream.heldBits;
    stream.heldBits += 8;
  }
  return true;
}

function drop(stream: Stream, count: number): void {
  stream.held >>>= count;
  stream.heldBits -= count;
}

/** Next symbol of a code, or -1 where no code stands or the input ends. */
function takeSymbol(stream: Stream, { bits, entries }: PrefixCode): number {
  fill(stream, bits);
  const entry = entries[stream.held & ((1 << bits) - 1)] ?? 0;
  const length = entry & 15;
  if (length === 0 || length > stream.heldBits) return -1;
  drop(stream, length);
  return entry >>> 4;
}

function copyStored(stream: Stream): boolean {
  drop(stream, stream.heldBits & 7);
  const length = takeBits(stream, 16);
  if (length < 0 || takeBits(stream, 16) !== (length ^ 0xffff)) return false;
  for (let left = length; left > 0; left--) {
    const byte = takeBits(stream, 8);
    if (byte < 0 || !write(stream, byte)) return false;
  }
  return true;
}

/** The code tables of a dynamic block (RFC 1951, 3.2.7). */
function readCodes(stream: Stream): DeflateCodes | undefined {
  const symbolCount = takeBits(stream, 5) + 257;
  const distanceCount = takeBits(stream, 5) + 1;
  const lengthCount = takeBits(stream, 4) + 4;
  if (symbolCount > 286 || distanceCount > 30) return undefined;
  const lengthLengths = new Uint8Array(19);
  for (const place of LENGTH_ORDER.subarray(0, lengthCount)) lengthLengths[place] = Math.max(0, takeBits(stream, 3));
  const lengthCode = prefixCodeOf(lengthLengths, false);
  if (lengthCode === undefined) return undefined;
  const lengths = readLengths(stream, lengthCode, symbolCount + distanceCount);
  if (lengths === undefined || lengths[END_OF_BLOCK] === 0) return undefined;
  const symbols = prefixCodeOf(lengths.subarray(0, symbolCount), false);
  const distances = prefixCodeOf(lengths.subarray(symbolCount), true);
  return symbols === undefined || distances === undefined ? undefined : { symbols, distances };
}

function readLengths(stream: Stream, code: PrefixCode, count: number): Uint8Array | undefined {
  const lengths = new Uint8Array(count);
  let at = 0;
  while (at < count) {
    const symbol = takeSymbol(stream, code);
    if (symbol < 0 || (symbol === 16 && at === 0)) return undefined;
    if (symbol < 16) {
      lengths[at++] = symbol;
      continue;
    }
    const [extraBits, base] = symbol === 16 ? [2, 3] : symbol === 17 ? [3, 3] : [7, 11];
    const extra = takeBits(stream, extraBits);
    if (extra < 0 || at + base + extra > count) return undefined;
    lengths.fill(symbol === 16 ? (lengths[at - 1] ?? 0) : 0, at, at + base + extra);
    at += base + extra;
  }
  return lengths;
}

function decodeBlock(stream: Stream, { symbols, distances }: DeflateCodes): boolean {
  for (;;) {
    const symbol = takeSymbol(stream, symbols);
    if (symbol < 0) return false;
    if (symbol === END_OF_BLOCK) return true;
    if (symbol < END_OF_BLOCK) {
      if (!write(stream, symbol)) return false;
    } else if (!copyMatch(stream, symbol - END_OF_BLOCK - 1, distances)) return false;
  }
}

function copyMatch(stream: Stream, lengthSymbol: number, distances: PrefixCode): boolean {
  const lengthExtra = takeBits(stream, LENGTH_EXTRA[lengthSymbol] ?? 0);
  const symbol = takeSymbol(stream, distances);
  if (lengthExtra < 0 || symbol < 0 || symbol >= DISTANCE_BASE.length || lengthSymbol >= LENGTH_BASE.length)
    return false;
  const distanceExtra = takeBits(stream, DISTANCE_EXTRA[symbol] ?? 0);
  const distance = (DISTANCE_BASE[symbol] ?? 0) + distanceExtra;
  if (distanceExtra < 0 || distance > stream.length) return false;
  for (let left = (LENGTH_BASE[lengthSymbol] ?? 0) + lengthExtra; left > 0; left--) {
    if (!write(stream, stream.output[stream.length - distance] ?? 0)) return false;
  }
  return true;
}

function write(stream: Stream, byte: number): boolean {
  if (stream.length >= stream.bytesMax) return false;
  if (stream.length === stream.output.length) {
    const grown = new Uint8Array(Math.min(stream.bytesMax, stream.length * 2));
    grown.set(stream.output);
    stream.output = grown;
  }
  stream.output[stream.length++] = byte;
  return true;
}

/** Output of every stream starts here: nearly all of them are noise that ends within a few bytes. */
const SCRATCH = new Uint8Array(4096);
const STORED = 0;
const FIXED = 1;
const DYNAMIC = 2;

/** Order in which the lengths of the length code stand. */
const LENGTH_ORDER = Uint8Array.of(16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15);
