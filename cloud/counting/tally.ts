import { assert } from '../../proto/words/result.ts';

/**
 * Distinct persons held, by dense person number. A person is held by as many transfers as hold them, and counts once while
 * one does.
 */
export interface Tally {
  readonly hold: (persons: Uint32Array) => void;
  readonly release: (persons: Uint32Array) => void;
  /** Distinct persons held now. */
  readonly distinct: () => number;
  /** How many of these are not held. */
  readonly unheld: (persons: Uint32Array) => number;
}

/** Person numbers a tally can hold: far above the population, so that only a bug meets it. */
export const PERSON_NUMBERS_MAX = 2 ** 31;

/** A person held this often is held for good: too many is safe, and too few is not. */
const HOLDS_MAX = 65_535;
const FIRST_CAPACITY = 1_024;

export function createTally(): Tally {
  let holds = new Uint16Array(FIRST_CAPACITY);
  let distinct = 0;

  function grow(person: number): void {
    assert(person < PERSON_NUMBERS_MAX, 'a person number is within its range');
    if (person < holds.length) return;
    const grown = new Uint16Array(Math.max(holds.length * 2, person + 1));
    grown.set(holds);
    holds = grown;
  }

  return {
    hold: (persons) => {
      for (const person of persons) {
        grow(person);
        const before = holds[person] ?? 0;
        if (before === 0) distinct += 1;
        if (before < HOLDS_MAX) holds[person] = before + 1;
      }
    },
    release: (persons) => {
      for (const person of persons) {
        const before = holds[person] ?? 0;
        assert(before > 0, 'only who is held is released');
        if (before === HOLDS_MAX) continue;
        holds[person] = before - 1;
        if (before === 1) distinct -= 1;
      }
    },
    distinct: () => distinct,
    unheld: (persons) => {
      let fresh = 0;
      for (let at = 0; at < persons.length; at += 1) if ((holds[persons[at] ?? 0] ?? 0) === 0) fresh += 1;
      return fresh;
    },
  };
}
