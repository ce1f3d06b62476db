import { createHash } from 'node:crypto';

/** Chance from a seed: the same seed gives the same numbers in [0, 1), on every machine. */
export function createPrng(seed: string): () => number {
  let state = createHash('sha256').update(seed).digest();
  return () => {
    state = createHash('sha256').update(state).digest();
    return state.readUIntBE(0, 6) / 2 ** 48;
  };
}
