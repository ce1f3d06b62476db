/** A seeded source of chance: the same seed gives the same test for ever. */
export interface Chance {
  /** Whole number in [0, below). */
  readonly below: (below: number) => number;
  readonly of: <T>(list: readonly T[]) => T;
  readonly shuffled: <T>(list: readonly T[]) => readonly T[];
}

/** SplitMix32: one addition and two multiplications a draw, and no cycle that a test could reach. */
export function chanceFrom(seed: number): Chance {
  let state = seed | 0;
  const draw = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  const below = (limit: number): number => draw() % limit;
  return {
    below,
    of: (list) => {
      const chosen = list[below(list.length)];
      if (chosen === undefined) throw new Error('a list to choose from is not empty');
      return chosen;
    },
    shuffled: (list) =>
      list
        .map((value) => ({ value, at: draw() }))
        .sort((a, b) => a.at - b.at)
        .map(({ value }) => value),
  };
}
