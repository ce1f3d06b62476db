import type { Layer } from './hit.ts';

/** What one kind of wrapping held, all its occurrences one after the other, a zero byte between them. */
export interface View {
  readonly layer: Layer;
  readonly bytes: Uint8Array;
  /** Where the occurrence that holds a byte of this view starts in the wrapped bytes. */
  readonly sourceOf: (offset: number) => number;
}

export interface ViewBuilder {
  /** Starts the next occurrence. */
  readonly open: (sourceOffset: number) => void;
  readonly push: (byte: number) => void;
  readonly append: (bytes: Uint8Array) => void;
  readonly build: () => View;
}

/** Ends runs of digits, of base64 and of printable text, so that what follows is not read as part of what came before. */
const SEPARATOR = 0;

/**
 * Collects decoded bytes. Occurrences share one buffer, so that a latitude and a longitude which were encoded apart still
 * stand side by side, and so that a million short words cost one scan and not a million.
 */
export function makeViewBuilder(layer: Layer): ViewBuilder {
  let buffer = new Uint8Array(0);
  let length = 0;
  const starts: number[] = [];
  const sources: number[] = [];
  const reserve = (count: number): void => {
    if (length + count <= buffer.length) return;
    const grown = new Uint8Array(Math.max(256, length + count, buffer.length * 2));
    grown.set(buffer.subarray(0, length));
    buffer = grown;
  };
  const push = (byte: number): void => {
    if (length === buffer.length) reserve(1);
    buffer[length++] = byte;
  };
  const append = (bytes: Uint8Array): void => {
    reserve(bytes.length);
    buffer.set(bytes, length);
    length += bytes.length;
  };
  const open = (sourceOffset: number): void => {
    if (length > 0) push(SEPARATOR);
    starts.push(length);
    sources.push(sourceOffset);
  };
  const build = (): View => ({
    layer,
    bytes: buffer.subarray(0, length),
    sourceOf: (offset) => sources[lastAtMost(starts, offset)] ?? 0,
  });
  return { open, push, append, build };
}

function lastAtMost(ascending: readonly number[], wanted: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? 0) <= wanted) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}
