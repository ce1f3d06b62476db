import { distinctNumbers, freshOf, type PersonIndex } from './person-index.ts';
import { createTally } from './tally.ts';

/** Distinct persons over the parts of many sets, each set under a name. */
export interface PartTallies {
  /** `persons`: their digests, one after the other. */
  readonly hold: (set: string, part: string, persons: Uint8Array, isSensitive: boolean) => void;
  readonly release: (set: string, part: string) => void;
  /** With these, who are in no part. */
  readonly distinct: (set: string, persons: readonly Uint8Array[], isSensitive: boolean) => Distinct;
}

export interface Distinct {
  readonly persons: number;
  readonly sensitivePersons: number;
}

interface Held {
  readonly numbers: Uint32Array;
  readonly isSensitive: boolean;
}

export function createPartTallies(index: PersonIndex): PartTallies {
  const newSet = () => ({ all: createTally(), sensitive: createTally(), held: new Map<string, Held>() });
  const sets = new Map<string, ReturnType<typeof newSet>>();

  function at(name: string): ReturnType<typeof newSet> {
    const known = sets.get(name) ?? newSet();
    sets.set(name, known);
    return known;
  }

  return {
    hold: (name, part, persons, isSensitive) => {
      const { all, sensitive, held } = at(name);
      if (held.has(part)) return;
      // A person holds a part once, however often they are named.
      const numbers = distinctNumbers(index.addPacked(persons));
      held.set(part, { numbers, isSensitive });
      all.hold(numbers);
      if (isSensitive) sensitive.hold(numbers);
    },
    release: (name, part) => {
      const { all, sensitive, held } = at(name);
      const one = held.get(part);
      if (one === undefined) return;
      held.delete(part);
      all.release(one.numbers);
      if (one.isSensitive) sensitive.release(one.numbers);
    },
    distinct: (name, persons, isSensitive) => {
      const { all, sensitive } = at(name);
      const fresh = (tally: typeof all): number => freshOf(persons, index, tally);
      return {
        persons: all.distinct() + fresh(all),
        sensitivePersons: sensitive.distinct() + (isSensitive ? fresh(sensitive) : 0),
      };
    },
  };
}
