import { assert, type NonEmpty } from '../proto/words/result.ts';

/** The simulator's only source of chance: the same seed gives the same numbers on every run. Not for secrets. */
export interface Prng {
  /** Uniform in [0, 1), 32 bits. */
  readonly next: () => number;
  /** Uniform in [low, high). */
  readonly between: (low: number, high: number) => number;
  /** Whole number in [low, high], both ends included. */
  readonly whole: (low: number, high: number) => number;
  /** Standard normal: mean 0, deviation 1. */
  readonly normal: () => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <T>(values: NonEmpty<T>) => T;
}

/**
 * Small fast counter generator (sfc32) with its 128 bits of state taken from a text.
 *
 * Streams that must not disturb each other take different texts (`${seed}/v0001/gnss`), so that a vehicle's drive stays the
 * same whatever the size of the fleet.
 */
export function createPrng(seed: string): Prng {
  const next = sfc32(hashWord(seed, 0), hashWord(seed, 1), hashWord(seed, 2), 1);
  const between = (low: number, high: number) => low + next() * (high - low);
  return {
    next,
    between,
    whole: (low, high) => Math.floor(between(low, high + 1)),
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    chance: (probability) => next() < probability,
    pick: (values) => {
      const picked = values[Math.floor(next() * values.length)];
      assert(picked !== undefined, 'a pick lies inside the list');
      return picked;
    },
  };
}

function sfc32(first: number, second: number, third: number, counter: number): () => number {
  let [a, b, c, count] = [first, second, third, counter];
  const draw = () => {
    const sum = (a + b + count) | 0;
    count = (count + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) draw();
  return draw;
}

/** FNV-1a over the UTF-16 units, started at a different offset for each word, then mixed. */
function hashWord(text: string, word: number): number {
  let hash = Math.imul(0x811c9dc5 ^ word, 0x9e3779b1);
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}

/** Seeds that differ in one bit give unrelated numbers after about a dozen rounds. */
const WARM_UP_ROUNDS = 16;
