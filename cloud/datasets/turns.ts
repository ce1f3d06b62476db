import type { CheckOrder, GroupCheck } from './check-group.ts';
import type { ShareRead } from './read-vehicles.ts';

/**
 * Who does the numbered pieces of a build: this thread, or another one as well. What comes of them is given in the order of
 * their numbers, so nobody can tell from a parcel how many threads built it.
 */
export interface Turns {
  /** Reads shares of the zone. @param own - reads one in this thread */
  readonly shares: (of: number, own: (index: number) => ShareRead | Promise<ShareRead>) => AsyncIterable<ShareRead>;
  /** Checks groups of the staged table; another thread begins with the call. @param own - checks one in this thread */
  readonly groups: (
    count: number,
    order: CheckOrder,
    own: (index: number) => Promise<GroupCheck>,
  ) => AsyncIterable<GroupCheck>;
}

/** This thread does all. */
export const ALONE: Turns = {
  shares: (of, own) => oneByOne(of, own),
  groups: (count, _, own) => oneByOne(count, own),
};

async function* oneByOne<T>(count: number, own: (index: number) => T | Promise<T>): AsyncGenerator<T> {
  for (let index = 0; index < count; index += 1) yield await own(index);
}
