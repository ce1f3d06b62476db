import { mayStartDeflate } from './deflate-probe.ts';
import { type Inflated, inflate } from './inflate.ts';
import { makeViewBuilder, type View } from './view.ts';

/** The shortest value that can be a canary. */
const OUTPUT_BYTES_MIN = 4;
/** A stream with neither magic nor tables of its own may be noise: no more than this is decoded of one ... */
const GUESS_MAX_BYTES = 65_536;
/** ... and of all together no more than this many times the input. Noise yields 0.2 times. */
const GUESSES_PER_BYTE_MAX = 0.3;
/** After a certain stream this long the search goes on near its end, not inside it ... */
const CERTAIN_OUTPUT_BYTES = 1024;
/** ... and this much before it where it broke off, because what follows may have been read as part of it. */
const OVERRUN_BYTES = 512;
/** First byte of gzip, and low half of the first byte of zlib (RFC 1950). */
const GZIP_MAGIC = 0x1f;
const ZLIB_METHOD = 8;
/** gzip header without optional fields (RFC 1952). */
const GZIP_HEADER_BYTES = 10;

type CompressedLayer = 'gzip' | 'zlib' | 'deflate';

export interface DeflateLimits {
  /** Bytes that may still be produced in all. */
  readonly left: number;
  /** Bytes that one stream may produce. */
  readonly streamMaxBytes: number;
  /** Whether to try streams that have neither magic nor tables of their own. */
  readonly guesses: boolean;
}

export interface DeflateViews {
  readonly views: readonly View[];
  /** Streams (offset of the first byte) that were not decoded to their end because of a limit. */
  readonly cut: readonly number[];
  /** Did guesses use up their share, so that further streams without magic or tables were not tried? */
  readonly isGuessingOver: boolean;
}

/**
 * Opens gzip, zlib and raw deflate streams at any byte offset, whole, cut off or broken. gzip and zlib are known by their
 * magic; raw deflate has none, so every offset whose first bits make a sound block is tried.
 */
export function deflateViews(bytes: Uint8Array, limits: DeflateLimits): DeflateViews {
  const builders = {
    gzip: makeViewBuilder('gzip'),
    zlib: makeViewBuilder('zlib'),
    deflate: makeViewBuilder('deflate'),
  };
  const cut: number[] = [];
  const bodies = new Map<number, CompressedLayer>();
  let left = limits.left;
  let guessesLeft = limits.guesses ? GUESSES_PER_BYTE_MAX * bytes.length + GUESS_MAX_BYTES : -1;
  for (let offset = 0; offset + 1 < bytes.length && left > 0; offset++) {
    const first = bytes[offset] ?? 0;
    if (first === GZIP_MAGIC || (first & 15) === ZLIB_METHOD) noteHeader(bytes, offset, bodies);
    const layer = (bodies.size > 0 && bodies.get(offset)) || 'deflate';
    if (layer !== 'deflate') bodies.delete(offset);
    else if (isInsideRun(bytes, offset) || !mayStartDeflate(bytes, offset)) continue;
    const { stream, isCertain } = open(bytes, offset, layer, Math.min(left, limits.streamMaxBytes));
    if (!stream.isCompressed || stream.bytes.length < OUTPUT_BYTES_MIN) continue;
    if (!isCertain && layer === 'deflate' && guessesLeft < 0) continue;
    builders[layer].open(offset);
    builders[layer].append(stream.bytes);
    left -= stream.bytes.length;
    if (isCertain && stream.isCut) cut.push(offset);
    if (isCertain) offset += certainBytes(stream);
    else if (layer === 'deflate') guessesLeft -= stream.bytes.length;
  }
  return {
    views: Object.values(builders).map((builder) => builder.build()),
    cut,
    isGuessingOver: limits.guesses && guessesLeft < 0,
  };
}

interface Opened {
  readonly stream: Inflated;
  /** Does something that noise does not have say that this is a stream? */
  readonly isCertain: boolean;
}

function open(bytes: Uint8Array, offset: number, layer: CompressedLayer, bytesMax: number): Opened {
  if (layer === 'gzip') return { stream: inflate(bytes, offset, bytesMax), isCertain: true };
  const stream = inflate(bytes, offset, Math.min(bytesMax, GUESS_MAX_BYTES));
  // One zlib header in a thousand random bytes is chance, so it makes nothing certain.
  if (!stream.hasTables && (layer === 'deflate' || !stream.isCut)) return { stream, isCertain: false };
  return { stream: stream.isCut ? inflate(bytes, offset, bytesMax) : stream, isCertain: true };
}

/** How many bytes of input belong to this stream and to no other. */
function certainBytes({ bytes, consumed, isWhole }: Inflated): number {
  if (bytes.length < CERTAIN_OUTPUT_BYTES) return 0;
  return Math.max(0, consumed - (isWhole ? 1 : OVERRUN_BYTES));
}

/** In a run of one byte value every offset would decode alike, to the end of the run. */
function isInsideRun(bytes: Uint8Array, offset: number): boolean {
  return bytes[offset] === bytes[offset - 1] && bytes[offset] === bytes[offset + 1];
}

/** Remembers where the body of a gzip or zlib stream whose header is at `offset` starts. */
function noteHeader(bytes: Uint8Array, offset: number, bodies: Map<number, CompressedLayer>): void {
  const first = bytes[offset] ?? 0;
  const second = bytes[offset + 1] ?? 0;
  if (first === GZIP_MAGIC && second === 0x8b && bytes[offset + 2] === 8) bodies.set(gzipBody(bytes, offset), 'gzip');
  const isZlib = (first & 15) === ZLIB_METHOD && first >>> 4 <= 7 && (first * 256 + second) % 31 === 0;
  if (isZlib && (second & 0x20) === 0 && mayStartDeflate(bytes, offset + 2)) bodies.set(offset + 2, 'zlib');
}

/** Steps over the optional fields of a gzip header: extra, name, comment, header checksum. */
function gzipBody(bytes: Uint8Array, offset: number): number {
  const flags = bytes[offset + 3] ?? 0;
  let body = offset + GZIP_HEADER_BYTES;
  if ((flags & 4) !== 0) body += 2 + (bytes[body] ?? 0) + (bytes[body + 1] ?? 0) * 256;
  for (const flag of [8, 16]) {
    if ((flags & flag) !== 0) body = bytes.indexOf(0, body) + 1 || bytes.length;
  }
  return (flags & 2) === 0 ? body : body + 2;
}
