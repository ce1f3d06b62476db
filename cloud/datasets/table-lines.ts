import { assert } from '../../proto/words/result.ts';
import type { Column, ColumnGroup, ColumnValues } from '../ports/table-format.ts';

/** Lines in one piece. */
const LINES_A_PIECE = 8_192;

/** Bytes of a figure, sign and point included: 15 digits, or what JSON writes of a larger one. */
const FIGURE_BYTES_MAX = 32;

/**
 * Rows as RFC 8785 objects, one a line, in pieces of whole lines. It writes bytes and makes no text of a row, which would
 * cost several times as much.
 *
 * @returns pieces of UTF-8, each in memory of its own
 */
export function* linesOf(group: ColumnGroup, columns: readonly Column[]): Generator<Uint8Array> {
  const rows = group[0]?.length ?? 0;
  assert(
    group.every(({ length }) => length === rows),
    'columns are equally long',
  );
  const writers = columns
    .map((column, index) => ({ ...column, values: group[index] ?? [] }))
    .sort(byName)
    .map(memberWriter);
  let piece: Piece = { bytes: Buffer.allocUnsafeSlow(PIECE_BYTES_FIRST), at: 0 };
  for (let row = 0; row < rows; row += 1) {
    for (let place = 0; place < writers.length; place += 1) writers[place]?.(piece, row);
    write(piece, LINE_END);
    if ((row + 1) % LINES_A_PIECE > 0 && row + 1 < rows) continue;
    yield piece.bytes.subarray(0, piece.at);
    piece = { bytes: Buffer.allocUnsafeSlow(piece.bytes.length), at: 0 };
  }
}

const PIECE_BYTES_FIRST = 1_048_576;
const LINE_END = Buffer.from('}\n');

interface Piece {
  bytes: Buffer;
  at: number;
}

const byName = (a: Column, b: Column): number => (a.name < b.name ? -1 : 1);

function makeRoom(piece: Piece, bytes: number): void {
  if (piece.at + bytes <= piece.bytes.length) return;
  const wider = Buffer.allocUnsafeSlow((piece.bytes.length + bytes) * 2);
  piece.bytes.copy(wider, 0, 0, piece.at);
  piece.bytes = wider;
}

function write(piece: Piece, bytes: Uint8Array): void {
  makeRoom(piece, bytes.length);
  const out = piece.bytes;
  // They are short: a call of `set` costs as much as copying a hundred of them.
  for (let at = 0; at < bytes.length; at += 1) out[piece.at + at] = bytes[at] ?? 0;
  piece.at += bytes.length;
}

/** Writes one member of the objects, with what comes before its value. */
function memberWriter(
  { name, holds, values }: Column & { readonly values: ColumnValues },
  place: number,
): (piece: Piece, row: number) => void {
  const start = `${place === 0 ? '{' : ','}${JSON.stringify(name)}:`;
  if (holds === 'figure') {
    const head = Buffer.from(start);
    return (piece, row) => {
      write(piece, head);
      makeRoom(piece, FIGURE_BYTES_MAX);
      piece.at = writeFigure(values[row] as number, piece.bytes, piece.at);
    };
  }
  // Texts and counts repeat from row to row, and come again.
  const known = new Map<string | number, Uint8Array>();
  let last: string | number | undefined;
  let bytes: Uint8Array = LINE_END;
  return (piece, row) => {
    const value = values[row];
    if (value !== last) {
      last = value;
      bytes = known.get(value ?? '') ?? Buffer.from(start + JSON.stringify(value));
      if (known.size < TEXTS_KNOWN_MAX) known.set(value ?? '', bytes);
    }
    write(piece, bytes);
  };
}

/** Texts of a column that are kept as bytes: signals and days, but not the tags of a whole fleet. */
const TEXTS_KNOWN_MAX = 1_024;

/**
 * Writes a number as JSON does. A figure is a whole number of thousandths, so its digits need no search for the shortest
 * text that reads as it.
 *
 * @param out - with room for `FIGURE_BYTES_MAX` bytes
 * @returns where it ends
 */
export function writeFigure(value: number, out: Uint8Array, from: number): number {
  const thousandths = Math.round(value * 1_000);
  const size = Math.abs(thousandths);
  if (size >= THOUSANDTHS_MAX) return from + Buffer.from(out.buffer, out.byteOffset).write(JSON.stringify(value), from);
  let at = from;
  if (thousandths < 0) {
    out[at] = MINUS;
    at += 1;
  }
  const rest = size % 1_000;
  at = writeWhole((size - rest) / 1_000, out, at);
  return rest === 0 ? at : writeFraction(rest, out, at);
}

/** Below it a figure has no more than fifteen digits, which a double holds exactly as written. */
const THOUSANDTHS_MAX = 1e15;
const [ZERO, MINUS, POINT] = [0x30, 0x2d, 0x2e];

function writeWhole(value: number, out: Uint8Array, from: number): number {
  let end = from + 1;
  for (let left = value; left >= 10; left = Math.floor(left / 10)) end += 1;
  let left = value;
  for (let at = end - 1; at >= from; at -= 1) {
    const next = Math.floor(left / 10);
    out[at] = ZERO + (left - next * 10);
    left = next;
  }
  return end;
}

/** A point and one to three digits. @param thousandths - 1 to 999 */
function writeFraction(thousandths: number, out: Uint8Array, from: number): number {
  out[from] = POINT;
  out[from + 1] = ZERO + Math.floor(thousandths / 100);
  if (thousandths % 100 === 0) return from + 2;
  out[from + 2] = ZERO + (Math.floor(thousandths / 10) % 10);
  if (thousandths % 10 === 0) return from + 3;
  out[from + 3] = ZERO + (thousandths % 10);
  return from + 4;
}
