/** Where a reader stands. It never passes `end`: a read that would sets `isShort` and gives nothing. */
export interface Cursor {
  readonly bytes: Buffer;
  /** Of the same bytes, for numbers. */
  readonly view: DataView;
  at: number;
  end: number;
  isShort: boolean;
}

export function cursorOver(bytes: Buffer, at = 0, end = bytes.length): Cursor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return { bytes, view, at, end, isShort: false };
}

/** Whether so many bytes are left; if not, the cursor is short from then on. */
export function has(cursor: Cursor, count: number): boolean {
  if (!cursor.isShort && cursor.at + count <= cursor.end) return true;
  cursor.isShort = true;
  return false;
}

/** @returns 0 when the bytes are not there */
export function readUint(cursor: Cursor, size: 1 | 2 | 4): number {
  if (!has(cursor, size)) return 0;
  const { view, at } = cursor;
  cursor.at = at + size;
  if (size === 1) return view.getUint8(at);
  return size === 2 ? view.getUint16(at) : view.getUint32(at);
}
