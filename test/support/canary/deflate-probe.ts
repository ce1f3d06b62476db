import {
  DISTANCE_BASE,
  DISTANCE_EXTRA,
  END_OF_BLOCK,
  FIXED_CODES,
  LENGTH_BASE,
  LENGTH_EXTRA,
} from './deflate-codes.ts';

/**
 * May a raw deflate stream start here? Says yes to every sound stream, and no to nearly all noise: the tables of a
 * dynamic block must be complete, the lengths of a stored one agree, and a fixed one must end or go on for 64 bytes.
 * Allocates nothing, so it can be asked at each of 20 million offsets.
 */
export function mayStartDeflate(bytes: Uint8Array, offset: number): boolean {
  const first = bytes[offset] ?? 0;
  switch ((first >>> 1) & 3) {
    case 0:
      return word(bytes, offset + 1) === (word(bytes, offset + 3) ^ 0xffff);
    case 1:
      return !isAscii(bytes, offset) && holdsAsFixed(bytes, offset);
    case 2:
      return hasSoundTables(bytes, offset);
    default:
      return false;
  }
}

function word(bytes: Uint8Array, offset: number): number {
  return (bytes[offset] ?? 0) + (bytes[offset + 1] ?? 0) * 256;
}

/** Half the bytes of a compressed stream have their top bit set, and no byte of base64, hex or JSON in English has. */
function isAscii(bytes: Uint8Array, offset: number): boolean {
  const end = Math.min(bytes.length, offset + ASCII_BYTES);
  for (let at = offset; at < end; at++) {
    if ((bytes[at] ?? 0) >= 0x80) return false;
  }
  return true;
}

/** Reads a fixed block without writing it: a match that points before the start, or no code, is noise. */
function holdsAsFixed(bytes: Uint8Array, offset: number): boolean {
  const end = 8 * Math.min(bytes.length, offset + FIXED_BYTES_MIN);
  let produced = 0;
  let bit = 8 * offset + BLOCK_HEADER_BITS;
  while (bit < end) {
    const entry = SYMBOLS[bitsAt(bytes, bit) & 511] ?? 0;
    const symbol = entry >>> 4;
    bit += entry & 15;
    if (symbol === END_OF_BLOCK) return bit <= 8 * bytes.length;
    if (symbol < END_OF_BLOCK) {
      produced++;
      continue;
    }
    const match = symbol - END_OF_BLOCK - 1;
    if (match >= LENGTH_BASE.length) return false;
    const extraBits = LENGTH_EXTRA[match] ?? 0;
    const length = (LENGTH_BASE[match] ?? 0) + (bitsAt(bytes, bit) & ((1 << extraBits) - 1));
    const place = (DISTANCES[bitsAt(bytes, bit + extraBits) & 31] ?? 0) >>> 4;
    bit += extraBits + 5;
    const distance = (DISTANCE_BASE[place] ?? 0) + (bitsAt(bytes, bit) & ((1 << (DISTANCE_EXTRA[place] ?? 0)) - 1));
    if (place >= DISTANCE_BASE.length || distance > produced) return false;
    bit += DISTANCE_EXTRA[place] ?? 0;
    produced += length;
  }
  return true;
}

/** At least 17 bits from bit position `bit` on, lowest first; zeros beyond the end. */
function bitsAt(bytes: Uint8Array, bit: number): number {
  const at = Math.floor(bit / 8);
  return (word(bytes, at) | ((bytes[at + 2] ?? 0) << 16)) >>> (bit & 7);
}

/** Do the lengths of the length code of a dynamic block fill the code space? */
function hasSoundTables(bytes: Uint8Array, offset: number): boolean {
  const header = word(bytes, offset) | ((bytes[offset + 2] ?? 0) << 16);
  if (((header >>> 3) & 31) > 29 || ((header >>> 8) & 31) > 29) return false;
  const count = ((header >>> 13) & 15) + 4;
  let space = 0;
  for (let place = 0; place < count; place++) {
    const bit = 17 + 3 * place;
    const length = (word(bytes, offset + (bit >>> 3)) >>> (bit & 7)) & 7;
    if (length > 0) space += 128 >>> length;
    if (space > 128) return false;
  }
  return space === 128;
}

/** Bits of the header of every block: last block or not, and its type. */
const BLOCK_HEADER_BITS = 3;
/** A fixed block with so many bytes below 0x80 at its start is taken for text. */
const ASCII_BYTES = 16;
/** Noise read with the fixed code breaks off sooner. */
const FIXED_BYTES_MIN = 64;
const SYMBOLS = FIXED_CODES.symbols.entries;
const DISTANCES = FIXED_CODES.distances.entries;
