/** Items of important data as bits, so that a record costs a few operations and a vehicle a few bytes. */
export const ITEM_WORDS = 4;

/** Items that an installation can know, shipped and the operator's own together. */
export const ITEM_SLOTS = ITEM_WORDS * 32;

export type ItemSet = Uint32Array;

export const emptyItemSet = (): ItemSet => new Uint32Array(ITEM_WORDS);

export function addSlot(set: ItemSet, slot: number): void {
  set[slot >>> 5] = wordOf(set, slot >>> 5) | (1 << (slot & 31));
}

export function addAll(set: ItemSet, other: ItemSet): void {
  for (let word = 0; word < ITEM_WORDS; word += 1) set[word] = wordOf(set, word) | wordOf(other, word);
}

export function hasSlot(set: ItemSet, slot: number): boolean {
  return (wordOf(set, slot >>> 5) & (1 << (slot & 31))) !== 0;
}

export function slotsIn(set: ItemSet): readonly number[] {
  return Array.from({ length: ITEM_SLOTS }, (_, slot) => slot).filter((slot) => hasSlot(set, slot));
}

function wordOf(set: ItemSet, word: number): number {
  return set[word] ?? 0;
}
