/** One offset in this many entries is kept in memory; the entries between are walked over. */
export const OFFSET_STRIDE = 64;

export interface EntryPlace {
  readonly index: number;
  /** Bytes from the start of the file. */
  readonly offset: number;
}

/** Where entries begin in the file, sparsely: an eighth of a byte of memory an entry. */
export interface OffsetIndex {
  /** Takes every entry in order, from index 0 on; keeps one in `OFFSET_STRIDE`. */
  readonly note: (place: EntryPlace) => void;
  /** The nearest kept entry at or before this one. */
  readonly atOrBefore: (index: number) => EntryPlace;
}

export function createOffsetIndex(): OffsetIndex {
  const offsets: number[] = [];
  return {
    note: ({ index, offset }) => {
      if (index % OFFSET_STRIDE === 0) offsets[index / OFFSET_STRIDE] = offset;
    },
    atOrBefore: (index) => {
      const slot = Math.floor(index / OFFSET_STRIDE);
      return { index: slot * OFFSET_STRIDE, offset: offsets[slot] ?? 0 };
    },
  };
}
