import { assert } from '../../proto/words/result.ts';

/** Domestic subject tags that one build may meet; 8 bytes of each are kept, in slots of which at most half are taken. */
export const TAGS_MAX = 16_777_216;

/**
 * Tags of the uplink that must not stand in a parcel, by their first 8 bytes: another run of bytes that begins like one of
 * sixteen million tags comes along once in 10^12 bytes, and then a build too many is stopped.
 */
export interface TagSet {
  /** False when there is no room left. @param tag - 8 bytes or more */
  readonly add: (tag: Uint8Array) => boolean;
  /** Whether the bytes at an offset begin like a tag. */
  readonly startsAt: (bytes: Uint8Array, offset: number) => boolean;
  /** Whether the bytes at any offset up to `last` do. */
  readonly startsWithin: (bytes: Uint8Array, last: number) => boolean;
  readonly size: () => number;
  /** What is kept of each, one after the other, in no particular order: `add` takes each again. */
  readonly beginnings: () => Uint8Array;
}

export const TAG_KEY_BYTES = 8;
const SLOTS_FIRST = 1_024;

/** Bytes of the bits of beginnings; 2^24 bits are one for each beginning there is. */
const BEGINNINGS_FIRST = 16_384;
const BEGINNINGS_MAX = 2 ** 21;
/** One offset in so many is looked up for nothing. */
const BITS_A_TAG = 32;

export function createTagSet(max = TAGS_MAX): TagSet {
  let slots = new Uint32Array(SLOTS_FIRST * 2);
  let size = 0;
  // Bits for beginnings of up to three bytes, which answer for nearly every offset of a file. Tags are evenly spread, and
  // each look falls on another place: no more bits than tags need, so that all of them stay near the processor.
  let beginnings = new Uint8Array(BEGINNINGS_FIRST);
  let mask = BEGINNINGS_FIRST * 8 - 1;

  function markBeginning(low: number): void {
    const begin = low & mask;
    beginnings[begin >>> 3] = (beginnings[begin >>> 3] ?? 0) | (1 << (begin & 7));
  }

  function widenBeginnings(): void {
    beginnings = new Uint8Array(Math.min(BEGINNINGS_MAX, beginnings.length * 4));
    mask = beginnings.length * 8 - 1;
    for (let slot = 0; slot < slots.length; slot += 2)
      if (slots[slot] !== 0 || slots[slot + 1] !== 0) markBeginning(slots[slot] ?? 0);
  }

  /** Index of the slot that holds the key or would take it; open addressing, never more than half full. */
  function slotOf(table: Uint32Array, low: number, high: number): number {
    const count = table.length / 2;
    let at = (low ^ Math.imul(high, 0x9e3779b1)) >>> 0;
    for (let step = 0; step < count; step += 1, at += 1) {
      const slot = (at & (count - 1)) * 2;
      const isFree = table[slot] === 0 && table[slot + 1] === 0;
      if (isFree || (table[slot] === low && table[slot + 1] === high)) return slot;
    }
    assert(false, 'a tag set is never full');
  }

  function grow(): void {
    const wider = new Uint32Array(slots.length * 2);
    for (let slot = 0; slot < slots.length; slot += 2) {
      const [low = 0, high = 0] = [slots[slot], slots[slot + 1]];
      if (low === 0 && high === 0) continue;
      wider.set([low, high], slotOf(wider, low, high));
    }
    slots = wider;
  }

  const mayBegin = (bytes: number): boolean => {
    const begin = bytes & mask;
    return ((beginnings[begin >>> 3] ?? 0) & (1 << (begin & 7))) !== 0;
  };

  function holds(bytes: Uint8Array, offset: number): boolean {
    if (size === 0 || offset + TAG_KEY_BYTES > bytes.length) return false;
    const [low, high] = [wordAt(bytes, offset), wordAt(bytes, offset + 4)];
    if (low === 0 && high === 0) return false;
    const slot = slotOf(slots, low, high);
    return slots[slot] === low && slots[slot + 1] === high;
  }

  return {
    add: (tag) => {
      assert(tag.length >= TAG_KEY_BYTES, 'a tag has 8 bytes or more');
      const [low, high] = [wordAt(tag, 0), wordAt(tag, 4)];
      const slot = slotOf(slots, low, high);
      if (slots[slot] === low && slots[slot + 1] === high) return true;
      if (size >= max) return false;
      slots.set([low, high], slot);
      markBeginning(low);
      size += 1;
      if (size * 4 > slots.length) grow();
      if (size * BITS_A_TAG > mask && beginnings.length < BEGINNINGS_MAX) widenBeginnings();
      return true;
    },
    startsAt: (bytes, offset) => {
      const begin = (bytes[offset] ?? 0) | ((bytes[offset + 1] ?? 0) << 8) | ((bytes[offset + 2] ?? 0) << 16);
      return mayBegin(begin) && holds(bytes, offset);
    },
    startsWithin: (bytes, last) => {
      // Three bytes at a time, one further with each step; what does not change is kept at hand.
      const [bits, cut] = [beginnings, mask];
      let begin = ((bytes[0] ?? 0) << 8) | ((bytes[1] ?? 0) << 16);
      for (let offset = 0; offset <= last; offset += 1) {
        begin = (begin >>> 8) | ((bytes[offset + 2] ?? 0) << 16);
        const bit = begin & cut;
        if (((bits[bit >>> 3] ?? 0) & (1 << (bit & 7))) !== 0 && holds(bytes, offset)) return true;
      }
      return false;
    },
    size: () => size,
    beginnings: () => beginningsIn(slots, size),
  };
}

function beginningsIn(slots: Uint32Array, size: number): Uint8Array {
  const kept = new Uint8Array(size * TAG_KEY_BYTES);
  const words = new DataView(kept.buffer);
  let at = 0;
  for (let slot = 0; slot < slots.length; slot += 2) {
    const [low = 0, high = 0] = [slots[slot], slots[slot + 1]];
    if (low === 0 && high === 0) continue;
    words.setUint32(at, low, true);
    words.setUint32(at + 4, high, true);
    at += TAG_KEY_BYTES;
  }
  return kept;
}

function wordAt(bytes: Uint8Array, offset: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = [bytes[offset], bytes[offset + 1], bytes[offset + 2], bytes[offset + 3]];
  return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
}
