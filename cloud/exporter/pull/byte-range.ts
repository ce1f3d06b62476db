/** What a GET asks for: `end` is exclusive. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
  readonly isPart: boolean;
}

/** One range of a file (RFC 9110, 14), from a first byte on; undefined for one that this file does not have. */
export function parseRange(field: string | undefined, bytes: number): ByteRange | undefined {
  if (field === undefined) return { start: 0, end: bytes, isPart: false };
  const [, first, last] = /^bytes=(\d{1,15})-(\d{0,15})$/.exec(field) ?? [];
  if (first === undefined) return undefined;
  const start = Number(first);
  const end = last === undefined || last === '' ? bytes : Math.min(bytes, Number(last) + 1);
  return start < end ? { start, end, isPart: true } : undefined;
}
