/** Where a reader stands. It never passes `end`: a read that would sets `isShort` and gives nothing. */
export interface Cursor {
  readonly bytes: Buffer;
  at: number;
  end: number;
  isShort: boolean;
}

export const cursorOver = (bytes: Buffer, at = 0, end = bytes.length): Cursor => ({ bytes, at, end, isShort: false });

/** Whether so many bytes are left; if not, the cursor is short from then on. */
export function has(cursor: Cursor, count: number): boolean {
  if (!cursor.isShort && cursor.at + count <= cursor.end) return true;
  cursor.isShort = true;
  return false;
}

/** @returns 0 when the bytes are not there */
export function readUint(cursor: Cursor, size: 1 | 2 | 4): number {
  if (!has(cursor, size)) return 0;
  const { bytes, at } = cursor;
  cursor.at = at + size;
  if (size === 1) return byte(bytes, at);
  if (size === 2) return byte(bytes, at) * 0x100 + byte(bytes, at + 1);
  return (
    byte(bytes, at) * 0x1000000 + byte(bytes, at + 1) * 0x10000 + byte(bytes, at + 2) * 0x100 + byte(bytes, at + 3)
  );
}

const byte = (bytes: Buffer, at: number): number => bytes[at] ?? 0;
