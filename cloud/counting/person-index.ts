import { assert } from '../../proto/words/result.ts';
import { PERSON_NUMBERS_MAX } from './tally.ts';

/** Bytes of a person digest; it is a keyed hash, so any of its bits are as good as random. */
export const DIGEST_BYTES = 16;

/** Numbers persons in the order in which they come, from 0. */
export interface PersonIndex {
  readonly find: (digest: Uint8Array) => number | undefined;
  /** The number of a person, a new one if need be. */
  readonly add: (digest: Uint8Array) => number;
  /** The same for digests that lie one after the other; a number for each, in their order. */
  readonly addPacked: (digests: Uint8Array) => Uint32Array<ArrayBuffer>;
  /** The digests of this number and all after it, one after the other. */
  readonly packedFrom: (number: number) => Uint8Array;
  readonly size: () => number;
  /** Who these are. The same list is looked up once, however many counts are asked of it, until somebody new is numbered; it must not change. */
  readonly resolve: (persons: readonly Uint8Array[]) => Resolved;
}

/** Distinct persons of a list: the numbers of those who have one, and how many have none. */
export interface Resolved {
  readonly numbers: Uint32Array;
  readonly strangers: number;
}

const FIRST_SLOTS = 4_096;
const DIGEST_WORDS = DIGEST_BYTES / 4;

/** Digests that are fetched ahead at once: as much of the table as a first-level cache holds. */
const BLOCK_WORDS = 128 * DIGEST_WORDS;

/**
 * A hash table over flat arrays: a million digests take 25 MB and no object each. Slots hold the number plus one, found
 * from the first word of the digest by linear probing, and are kept at most half full. The bits of a slot that its number
 * leaves free are those of the second word: somebody else who stands in the way is told apart without a look at their digest.
 *
 * @param expected - persons that will be added at least
 */
export function createPersonIndex(expected = 0): PersonIndex {
  // Room for all at once: to grow on the way takes the old tables and the new ones together.
  const firstSlots = expected === 0 ? FIRST_SLOTS : 2 ** Math.ceil(Math.log2((expected + 1) * 2));
  let slots = new Uint32Array(firstSlots);
  let digests = new Uint32Array((firstSlots / 2) * DIGEST_WORDS);
  let size = 0;
  const wanted = new Uint32Array(DIGEST_WORDS);
  const wantedBytes = new Uint8Array(wanted.buffer);

  /** The slot that holds the digest which begins at a word of these, or the empty one where it would go. */
  function slotOf(words: Uint32Array, from: number): number {
    let slot = likelySlot(slots, words, from, words[from] ?? 0);
    while (numberIn(slot) >= 0 && !isAt(numberIn(slot), words, from)) slot = likelySlot(slots, words, from, slot + 1);
    return slot;
  }

  /** -1 for an empty slot. */
  const numberIn = (slot: number): number => ((slots[slot] ?? 0) & (slots.length - 1)) - 1;

  function isAt(number: number, words: Uint32Array, from: number): boolean {
    const at = number * DIGEST_WORDS;
    for (let word = 0; word < DIGEST_WORDS; word += 1) if (digests[at + word] !== words[from + word]) return false;
    return true;
  }

  function want(digest: Uint8Array): void {
    assert(digest.length === DIGEST_BYTES, 'a person digest has its length');
    wantedBytes.set(digest);
  }

  function rebuild(slotCount: number): void {
    slots = new Uint32Array(slotCount);
    for (let from = 0; from < size * DIGEST_WORDS; from += DIGEST_WORDS)
      slots[slotOf(digests, from)] = slotFor(from / DIGEST_WORDS, digests[from + 1] ?? 0, slotCount);
  }

  function addAt(words: Uint32Array, from: number): number {
    const slot = slotOf(words, from);
    const known = numberIn(slot);
    if (known >= 0) return known;
    assert(size < PERSON_NUMBERS_MAX, 'a person number is within its range');
    slots[slot] = slotFor(size, words[from + 1] ?? 0, slots.length);
    for (let word = 0; word < DIGEST_WORDS; word += 1) digests[size * DIGEST_WORDS + word] = words[from + word] ?? 0;
    size += 1;
    if (size * 2 >= slots.length) {
      const grown = new Uint32Array(slots.length * DIGEST_WORDS);
      grown.set(digests);
      digests = grown;
      rebuild(slots.length * 2);
    }
    return size - 1;
  }

  function find(digest: Uint8Array): number | undefined {
    want(digest);
    const number = numberIn(slotOf(wanted, 0));
    return number < 0 ? undefined : number;
  }

  /**
   * Touches what the next of these will be looked up in. One lookup waits for memory twice, and these loads wait for each
   * other not at all, so a block of them waits about as long as one.
   */
  function fetchAhead(words: Uint32Array, from: number, until: number): void {
    let touched = 0;
    for (let at = from; at < until; at += DIGEST_WORDS) touched += slots[(words[at] ?? 0) & (slots.length - 1)] ?? 0;
    for (let at = from; at < until; at += DIGEST_WORDS) {
      const number = numberIn(likelySlot(slots, words, at, words[at] ?? 0));
      if (number >= 0) touched += digests[number * DIGEST_WORDS] ?? 0;
    }
    // A sum that nobody looks at is not made, and neither are its loads.
    assert(touched >= 0, 'a sum of numbers from 0 is one');
  }

  /** The numbers of digests that lie one after the other, from 1; 0 for who has none. */
  function findPacked(words: Uint32Array): Uint32Array<ArrayBuffer> {
    const found = new Uint32Array(words.length / DIGEST_WORDS);
    for (let from = 0; from < words.length; from += BLOCK_WORDS) {
      const until = Math.min(words.length, from + BLOCK_WORDS);
      fetchAhead(words, from, until);
      for (let at = from; at < until; at += DIGEST_WORDS) found[at / DIGEST_WORDS] = numberIn(slotOf(words, at)) + 1;
    }
    return found;
  }

  function addPacked(packed: Uint8Array): Uint32Array<ArrayBuffer> {
    assert(packed.length % DIGEST_BYTES === 0, 'packed digests are whole');
    const words = wordsOf(packed);
    const numbers = new Uint32Array(packed.length / DIGEST_BYTES);
    for (let from = 0; from < words.length; from += BLOCK_WORDS) {
      const until = Math.min(words.length, from + BLOCK_WORDS);
      fetchAhead(words, from, until);
      for (let at = from; at < until; at += DIGEST_WORDS) numbers[at / DIGEST_WORDS] = addAt(words, at);
    }
    return numbers;
  }

  let resolved: { readonly of: readonly Uint8Array[]; readonly at: number; readonly is: Resolved } | undefined;
  return {
    find,
    resolve: (persons) => {
      // Nobody is no list to remember: a verdict asks of nobody between two questions about the same persons.
      if (persons.length === 0) return NOBODY;
      if (resolved?.of !== persons || resolved.at !== size) {
        resolved = { of: persons, at: size, is: resolveIn(persons, findPacked) };
      }
      return resolved.is;
    },
    add: (digest) => {
      want(digest);
      return addAt(wanted, 0);
    },
    addPacked,
    packedFrom: (number) =>
      new Uint8Array(digests.buffer, number * DIGEST_BYTES, Math.max(0, size - number) * DIGEST_BYTES).slice(),
    size: () => size,
  };
}

/** The first slot, from one on, that is empty or whose bits are those of the digest which begins at a word of these. */
function likelySlot(slots: Uint32Array, words: Uint32Array, from: number, first: number): number {
  const mask = slots.length - 1;
  const marks = words[from + 1] ?? 0;
  for (let slot = first & mask; ; slot = (slot + 1) & mask) {
    const held = slots[slot] ?? 0;
    if (held === 0 || ((held ^ marks) & ~mask) === 0) return slot;
  }
}

/** What the slot of a number holds: the number plus one, and above it bits of the digest's second word. */
const slotFor = (number: number, marks: number, slotCount: number): number => (marks & ~(slotCount - 1)) | (number + 1);

const NOBODY: Resolved = { numbers: new Uint32Array(), strangers: 0 };

/** The same bytes by words; a copy where they lie at no boundary of words. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  const isWhole = bytes.byteOffset % Uint32Array.BYTES_PER_ELEMENT === 0;
  // `Uint8Array.from` copies even where a Buffer's own `slice` would not.
  const { buffer, byteOffset, length } = isWhole ? bytes : Uint8Array.from(bytes);
  return new Uint32Array(buffer, byteOffset, length / Uint32Array.BYTES_PER_ELEMENT);
}

function resolveIn(
  persons: readonly Uint8Array[],
  findPacked: (words: Uint32Array) => Uint32Array<ArrayBuffer>,
): Resolved {
  const packed = packedOf(persons);
  const words = new Uint32Array(packed.buffer);
  const numbers = findPacked(words);
  let [known, strangers] = [0, 0];
  for (let at = 0; at < numbers.length; at += 1) {
    const number = numbers[at] ?? 0;
    if (number > 0) numbers[known++] = number - 1;
    else words.copyWithin(strangers++ * DIGEST_WORDS, at * DIGEST_WORDS, (at + 1) * DIGEST_WORDS);
  }
  const unknown = packed.subarray(0, strangers * DIGEST_BYTES);
  return { numbers: distinctNumbers(numbers.subarray(0, known)), strangers: distinctDigests(unknown) };
}

/** A copy of digests, one after the other. Those of a parcel mostly lie so already, and what lies together is copied together. */
function packedOf(persons: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const packed = new Uint8Array(persons.length * DIGEST_BYTES);
  for (let from = 0; from < persons.length; ) {
    const first = persons[from] ?? packed;
    const { buffer, byteOffset } = first;
    let until = from;
    for (; until < persons.length; until += 1) {
      const next = persons[until];
      assert(next?.length === DIGEST_BYTES, 'a person digest has its length');
      if (next.buffer !== buffer || next.byteOffset !== byteOffset + (until - from) * DIGEST_BYTES) break;
    }
    packed.set(new Uint8Array(buffer, byteOffset, (until - from) * DIGEST_BYTES), from * DIGEST_BYTES);
    from = until;
  }
  return packed;
}

/** Each number once, in ascending order; what is given is sorted in place. */
export function distinctNumbers(numbers: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  numbers.sort();
  let distinct = Math.min(1, numbers.length);
  for (let at = 1; at < numbers.length; at += 1) {
    const number = numbers[at] ?? 0;
    if (number !== numbers[distinct - 1]) numbers[distinct++] = number;
  }
  return distinct === numbers.length ? numbers : numbers.slice(0, distinct);
}

function distinctDigests(packed: Uint8Array): number {
  if (packed.length === 0) return 0;
  const index = createPersonIndex(packed.length / DIGEST_BYTES);
  index.addPacked(packed);
  return index.size();
}

/** Distinct persons of a list who are not held; who has no number is held by nobody. */
export function freshOf(
  persons: readonly Uint8Array[],
  index: Pick<PersonIndex, 'resolve'>,
  tally: { readonly unheld: (persons: Uint32Array) => number },
): number {
  const { numbers, strangers } = index.resolve(persons);
  return strangers + tally.unheld(numbers);
}
