import { assert } from '../../proto/words/result.ts';
import type { Column, ColumnGroup, ColumnValues } from '../ports/table-format.ts';
import { FIGURE_BYTES_MAX, writeFigure } from './write-figure.ts';

/** Lines in one piece. */
const LINES_A_PIECE = 8_192;

/**
 * Rows as RFC 8785 objects, one a line, in pieces of whole lines. It writes bytes and makes no text of a row, which would
 * cost several times as much.
 *
 * @returns pieces of UTF-8, each at the beginning of memory of its own
 */
export function* linesOf(group: ColumnGroup, columns: readonly Column[]): Generator<Uint8Array> {
  const rows = group[0]?.length ?? 0;
  assert(
    group.every(({ length }) => length === rows),
    'columns are equally long',
  );
  const members = columns
    .map((column, index) => ({ ...column, values: group[index] ?? [] }))
    .sort(byName)
    .map(memberOf);
  let room = LINES_A_PIECE * LINE_BYTES_FIRST;
  for (let from = 0; from < rows; from += LINES_A_PIECE) {
    const piece = writeLines(members, from, Math.min(rows, from + LINES_A_PIECE), room);
    room = piece.buffer.byteLength;
    yield piece;
  }
}

const LINE_BYTES_FIRST = 128;
const LINE_END = Buffer.from('}\n');

/** One member of the objects, with what stands before its value. */
type Member =
  | { readonly figures: Float64Array; readonly before: Uint8Array }
  | { readonly figures: undefined; readonly bytesOf: (row: number) => Uint8Array };

const byName = (a: Column, b: Column): number => (a.name < b.name ? -1 : 1);

function memberOf({ name, holds, values }: Column & { readonly values: ColumnValues }, place: number): Member {
  const start = `${place === 0 ? '{' : ','}${JSON.stringify(name)}:`;
  if (holds === 'figure') return { figures: values as Float64Array, before: Buffer.from(start) };
  // Texts and counts repeat from row to row, and come again.
  const known = new Map<string | number, Uint8Array>();
  let last: string | number | undefined;
  let bytes: Uint8Array = LINE_END;
  const bytesOf = (row: number): Uint8Array => {
    const value = values[row] ?? '';
    if (value === last) return bytes;
    last = value;
    const before = known.get(value);
    if (before !== undefined) {
      bytes = before;
      return bytes;
    }
    bytes = Buffer.from(start + JSON.stringify(value));
    if (known.size < TEXTS_KNOWN_MAX) known.set(value, bytes);
    return bytes;
  };
  return { figures: undefined, bytesOf };
}

/** Texts of a column that are kept as bytes: signals and days, but not the tags of a whole fleet. */
const TEXTS_KNOWN_MAX = 1_024;

/** @param room - bytes to begin with; it grows when lines are longer */
function writeLines(members: readonly Member[], from: number, until: number, room: number): Uint8Array<ArrayBuffer> {
  let out = new Uint8Array(new ArrayBuffer(room));
  let at = 0;
  for (let row = from; row < until; row += 1) {
    for (let place = 0; place < members.length; place += 1) {
      const member = members[place];
      if (member === undefined) continue;
      const bytes = member.figures === undefined ? member.bytesOf(row) : member.before;
      if (at + bytes.length + MEMBER_BYTES_MORE > out.length) out = widened(out, at, bytes.length + MEMBER_BYTES_MORE);
      at = copied(bytes, out, at);
      if (member.figures !== undefined) at = writeFigure(member.figures[row] ?? 0, out, at);
    }
    at = copied(LINE_END, out, at);
  }
  return out.subarray(0, at);
}

/** What may stand behind the text of a member: its figure, and the end of the line. */
const MEMBER_BYTES_MORE = FIGURE_BYTES_MAX + LINE_END.length;

function widened(bytes: Uint8Array, used: number, more: number): Uint8Array<ArrayBuffer> {
  const wider = new Uint8Array(new ArrayBuffer((bytes.length + more) * 2));
  wider.set(bytes.subarray(0, used));
  return wider;
}

function copied(bytes: Uint8Array, out: Uint8Array, from: number): number {
  const { length } = bytes;
  if (length < SET_BYTES_MIN) for (let at = 0; at < length; at += 1) out[from + at] = bytes[at] as number;
  else out.set(bytes, from);
  return from + length;
}

/** A call of `set` costs as much as copying a dozen bytes, however many it copies. */
const SET_BYTES_MIN = 12;
