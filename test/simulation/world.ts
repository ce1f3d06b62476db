import { createHash } from 'node:crypto';
import type { Instant, Later } from '../../proto/words/time.ts';
import { type Chance, chanceFrom } from '../support/cloud/chance.ts';

/** Virtual time and one source of chance. Nothing in a simulation asks the machine for either. */
export interface World {
  readonly now: () => Instant;
  readonly later: Later;
  readonly chance: Chance;
  /** True in so many of a thousand cases. */
  readonly happens: (perMille: number) => boolean;
  /** Milliseconds in [from, to). */
  readonly between: (from: number, to: number) => number;
  /** Does what is due, in order of time, until there is nothing left before `until`. */
  readonly run: (until: Instant) => void;
  /** The same, with all that was promised kept between one thing and the next. */
  readonly runWithPromises: (until: Instant) => Promise<void>;
  /** Work of other threads, on files: one after the other, and time stands still until it is done. Needs `runWithPromises`. */
  readonly meanwhile: <T>(work: () => Promise<T>) => Promise<T>;
  /** What happened, for whoever replays the seed. Nothing random to the machine may stand in it. */
  readonly note: (text: string) => void;
  readonly story: () => readonly string[];
  /** SHA-256 of the story and of each step between, by its time and its turn, hexadecimal. */
  readonly digest: () => string;
}

interface Due {
  readonly at: number;
  readonly order: number;
  readonly work: () => void;
  isOff: boolean;
}

/** Steps of one run; past it something asks for its own turn again and again. */
export const STEPS_MAX = 200_000;

export function createWorld(seed: number, start: Instant): World {
  const chance = chanceFrom(seed);
  const story: string[] = [];
  const hash = createHash('sha256');
  const queue: Due[] = [];
  let now = start;
  let order = 0;
  let steps = 0;

  const later: Later = (ms, work) => {
    order += 1;
    const due: Due = { at: now + Math.max(0, Math.round(ms)), order, work, isOff: false };
    queue.splice(placeOf(queue, due), 0, due);
    return () => {
      due.isOff = true;
    };
  };

  const step = (until: Instant): boolean => {
    const due = queue[0];
    if (due === undefined || due.at > until) return false;
    queue.shift();
    now = Math.max(now, due.at) as Instant;
    steps += 1;
    hash.update(`${due.at} ${due.order};`);
    if (steps > STEPS_MAX) throw new Error(`more than ${STEPS_MAX} steps`);
    if (!due.isOff) due.work();
    return true;
  };

  let [working, pending]: [Promise<unknown>, number] = [Promise.resolve(), 0];
  const settled = async (): Promise<void> => {
    do {
      // Not by turns of the event loop alone: those would be turned as fast as they can while the threads work.
      if (pending > 0) await working;
      await new Promise(setImmediate);
    } while (pending > 0);
  };

  return {
    now: () => now,
    later,
    chance,
    happens: (perMille) => chance.below(1_000) < perMille,
    between: (from, to) => from + chance.below(Math.max(1, to - from)),
    run: (until) => {
      while (step(until));
      now = until;
    },
    runWithPromises: async (until) => {
      do await settled();
      while (step(until));
      now = until;
    },
    meanwhile: (work) => {
      pending += 1;
      const own = working.then(work).finally(() => {
        pending -= 1;
      });
      working = own.catch(() => undefined);
      return own;
    },
    note: (text) => {
      const line = `${new Date(now).toISOString()} ${text}`;
      story.push(line);
      hash.update(line);
    },
    story: () => story,
    digest: () => hash.copy().digest('hex'),
  };
}

/** Where it stands among what is due: behind everything that is due no later. */
function placeOf(queue: readonly Due[], { at, order }: Due): number {
  let [low, high] = [0, queue.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const there = queue[middle] as Due;
    if (there.at < at || (there.at === at && there.order < order)) low = middle + 1;
    else high = middle;
  }
  return low;
}
