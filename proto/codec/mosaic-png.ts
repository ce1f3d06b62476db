/**
 * A mosaic as a file: a PNG of fixed form. Given columns, rows and colours there is one such file, so that whoever gets
 * one can make it again and compare: nothing but the colours of the blocks can stand in it.
 */
export interface MosaicPicture {
  readonly columns: number;
  readonly rows: number;
  /** Number of the colour of each block, row by row; `colourIndex` makes it. */
  readonly colours: Uint8Array;
}

/** Blocks of a mosaic at most, whatever the picture (docs/adr/0023). */
export const MOSAIC_COLUMNS_MAX = 24;
export const MOSAIC_ROWS_MAX = 16;

/** Number of the fixed colour nearest below: three bits of red, three of green, two of blue. Parts are 0 to 255. */
export function colourIndex(red: number, green: number, blue: number): number {
  return (red & 0xe0) | ((green & 0xe0) >> 3) | (blue >> 6);
}

/** @throws Error when the mosaic is larger than one may be, which is a bug of the caller */
export function encodeMosaicPng({ columns, rows, colours }: MosaicPicture): Uint8Array {
  if (!isSize(columns, rows) || colours.length !== columns * rows)
    throw new Error('broken invariant: a mosaic keeps to its size');
  const lines = new Uint8Array(rows * (columns + 1));
  for (let row = 0; row < rows; row += 1)
    lines.set(colours.subarray(row * columns, (row + 1) * columns), row * (columns + 1) + 1);
  const head = [...bytesOf(columns), ...bytesOf(rows), ...EIGHT_BITS_BY_PALETTE];
  return Uint8Array.from([
    ...SIGNATURE,
    ...chunk('IHDR', head),
    ...PALETTE,
    ...chunk('IDAT', stored(lines)),
    ...chunk('IEND', []),
  ]);
}

/** @returns the mosaic, or undefined for every file that `encodeMosaicPng` does not write, byte for byte */
export function readMosaicPng(bytes: Uint8Array): MosaicPicture | undefined {
  if (bytes.length < LINES_AT || bytes.length > FILE_BYTES_MAX) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const columns = view.getUint32(COLUMNS_AT);
  const rows = view.getUint32(COLUMNS_AT + 4);
  if (!isSize(columns, rows) || bytes.length !== LINES_AT + rows * (columns + 1) + TAIL_BYTES) return undefined;
  const colours = new Uint8Array(columns * rows);
  for (let row = 0; row < rows; row += 1) {
    const from = LINES_AT + row * (columns + 1) + 1;
    colours.set(bytes.subarray(from, from + columns), row * columns);
  }
  const picture = { columns, rows, colours };
  const again = encodeMosaicPng(picture);
  return again.every((byte, index) => byte === bytes[index]) ? picture : undefined;
}

function isSize(columns: number, rows: number): boolean {
  return columns >= 1 && columns <= MOSAIC_COLUMNS_MAX && rows >= 1 && rows <= MOSAIC_ROWS_MAX;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const;

/** Bit depth 8, colour by palette, and the one method there is of compression, filter and (no) interlace. */
const EIGHT_BITS_BY_PALETTE = [8, 3, 0, 0, 0] as const;

/** Length, type and checksum of a chunk. */
const CHUNK_BYTES = 12;
const COLUMNS_AT = SIGNATURE.length + 8;

function chunk(type: string, body: readonly number[]): readonly number[] {
  const named = [...Buffer.from(type, 'ascii'), ...body];
  return [...bytesOf(body.length), ...named, ...bytesOf(crc32(named))];
}

/** A zlib stream (RFC 1950) of one block that is not compressed: then there is one way to write it. */
function stored(bytes: Uint8Array): readonly number[] {
  const [low, high] = [bytes.length & 0xff, bytes.length >> 8];
  return [0x78, 0x01, 0x01, low, high, low ^ 0xff, high ^ 0xff, ...bytes, ...bytesOf(adler32(bytes))];
}

const STORED_HEAD_BYTES = 7;

const bytesOf = (value: number): readonly number[] => [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff);

/** CRC-32 of ISO 3309, bit by bit: a mosaic is small. */
function crc32(bytes: readonly number[]): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ ((crc & 1) * 0xedb88320);
  }
  return ~crc >>> 0;
}

function adler32(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  return ((high << 16) | low) >>> 0;
}

const PALETTE = chunk(
  'PLTE',
  Array.from({ length: 256 }, (_, index) => [
    Math.round(((index >> 5) * 255) / 7),
    Math.round((((index >> 2) & 7) * 255) / 7),
    (index & 3) * 85,
  ]).flat(),
);

/** Where the lines of the picture begin. */
const LINES_AT = SIGNATURE.length + CHUNK_BYTES + 13 + PALETTE.length + 8 + STORED_HEAD_BYTES;
/** Checksums of the stream and of its chunk, and the chunk that ends the file. */
const TAIL_BYTES = 4 + 4 + CHUNK_BYTES;
const FILE_BYTES_MAX = LINES_AT + MOSAIC_ROWS_MAX * (MOSAIC_COLUMNS_MAX + 1) + TAIL_BYTES;
