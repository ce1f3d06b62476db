import type { NoteProgress } from '../ports/progress.ts';
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

/** The same turns, which tell how many of their pieces are taken. */
export function notedTurns({ shares, groups }: Turns, note: NoteProgress): Turns {
  return {
    shares: (of, own) => noted('reading', of, shares(of, own), note),
    groups: (count, order, own) => noted('checking', count, groups(count, order, own), note),
  };
}

async function* noted<T>(step: string, count: number, pieces: AsyncIterable<T>, note: NoteProgress): AsyncGenerator<T> {
  let taken = 0;
  note({ step, share: 0 });
  for await (const piece of pieces) {
    yield piece;
    taken += 1;
    if (isNews(taken, count)) note({ step, share: taken / count });
  }
}

/** A word for each hundredth is enough to draw. */
const isNews = (taken: number, count: number): boolean =>
  Math.floor((taken * HUNDRED) / count) > Math.floor(((taken - 1) * HUNDRED) / count);

const HUNDRED = 100;
