import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { assert } from '../../proto/words/result.ts';
import type { CheckOrder, GroupCheck } from '../datasets/check-group.ts';
import type { ShareRead } from '../datasets/read-vehicles.ts';
import type { Turns } from '../datasets/turns.ts';
import type { RowsJob } from './build-job.ts';
import type { BuildPlaces } from './open-build.ts';

/** Pieces that are waiting to be taken, at most: what is read ahead is kept in memory. */
export const AHEAD_MAX = 8;

/** Memory of each thread of a build, MiB; flat tables come on top and have limits of their own. */
export const BUILD_MEMORY = {
  maxOldGenerationSizeMb: 1_536,
  // Records live for microseconds: with less room many outlive a collection, and each costs one more.
  maxYoungGenerationSizeMb: 96,
} as const;

/** Words that both threads count in. */
export const [CLAIMED, TAKEN] = [0, 1] as const;
const WORDS = 2;

/** What the second thread is asked for; of `counters` it claims the next piece as this one does. */
export type Asked = { readonly phase: number; readonly count: number; readonly counters: Int32Array } & (
  | { readonly work: 'shares' }
  | { readonly work: 'groups'; readonly order: CheckOrder }
);

export type Answered =
  | { readonly phase: number; readonly index: number; readonly value: ShareRead | GroupCheck }
  | { readonly crash: string };

export interface HelperData {
  readonly job: RowsJob;
  readonly places: BuildPlaces;
  readonly port: MessagePort;
}

const PROGRAM = new URL(`./build-helper${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url);

/** A second thread for one build. Each thread claims the next piece that nobody has, and this one gives all in order. */
export function openTurns(
  job: RowsJob,
  places: BuildPlaces,
  program: URL = PROGRAM,
): { readonly turns: Turns; readonly close: () => Promise<void> } {
  const { port1: port, port2 } = new MessageChannel();
  const worker = new Worker(program, {
    workerData: { job, places, port: port2 } satisfies HelperData,
    transferList: [port2],
    resourceLimits: BUILD_MEMORY,
  });
  const arrivals = createArrivals(worker, port);
  let phase = 0;
  const begin = <T extends ShareRead | GroupCheck>(
    count: number,
    work: { readonly work: 'shares' } | { readonly work: 'groups'; readonly order: CheckOrder },
    own: (index: number) => T | Promise<T>,
  ): AsyncIterable<T> => {
    phase += 1;
    const counters = new Int32Array(new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT));
    port.postMessage({ phase, count, counters, ...work } satisfies Asked);
    arrivals.begin(phase);
    // Which of the two kinds comes of a phase is what it was begun with.
    return inOrder(count, counters, own, arrivals as Arrivals<T>);
  };
  return {
    turns: {
      shares: (of, own) => begin(of, { work: 'shares' }, own),
      groups: (count, order, own) => begin(count, { work: 'groups', order }, own),
    },
    close: async () => {
      port.close();
      await worker.terminate();
    },
  };
}

async function* inOrder<T>(
  count: number,
  counters: Int32Array,
  own: (index: number) => T | Promise<T>,
  arrivals: Arrivals<T>,
): AsyncGenerator<T> {
  const done = new Map<number, T>();
  try {
    for (let next = 0; next < count; next += 1) {
      let value: T | undefined;
      for (;;) {
        await arrivals.look();
        value = done.get(next) ?? arrivals.take(next);
        if (value !== undefined) break;
        const index = Atomics.add(counters, CLAIMED, 1);
        if (index < count) done.set(index, await own(index));
        else await arrivals.next();
      }
      done.delete(next);
      Atomics.store(counters, TAKEN, next + 1);
      Atomics.notify(counters, TAKEN);
      yield value;
    }
  } finally {
    // Who asked may want no more: then there is nothing left to claim, and nothing to wait for.
    Atomics.store(counters, CLAIMED, count);
    Atomics.store(counters, TAKEN, count);
    Atomics.notify(counters, TAKEN);
  }
}

/** What the second thread sent of the phase in hand. */
interface Arrivals<T> {
  readonly begin: (phase: number) => void;
  /** Lets in what waits. @throws Error once the second thread is gone */
  readonly look: () => Promise<void>;
  readonly take: (index: number) => T | undefined;
  /** Waits for the next. @throws Error when the second thread is gone */
  readonly next: () => Promise<void>;
}

function createArrivals(worker: Worker, port: MessagePort): Arrivals<ShareRead | GroupCheck> {
  const arrived = new Map<number, ShareRead | GroupCheck>();
  let phase = 0;
  let crash: string | undefined;
  let wake = (): void => undefined;
  const gone = (cause: string) => (): void => {
    crash ??= cause;
    wake();
  };
  port.on('message', (one: Answered) => {
    if ('crash' in one) crash ??= one.crash;
    else if (one.phase === phase) arrived.set(one.index, one.value);
    wake();
  });
  worker.once('error', gone('error'));
  worker.once('exit', gone('exit'));
  const check = (): void => {
    if (crash !== undefined) throw new Error(`the second thread of a build ended: ${crash}`);
  };
  return {
    begin: (number) => {
      phase = number;
      arrived.clear();
    },
    look: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      check();
    },
    take: (index) => {
      const value = arrived.get(index);
      arrived.delete(index);
      return value;
    },
    next: async () => {
      check();
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      check();
    },
  };
}

/** Claims pieces until none is left, for the second thread. @param own - gives a piece and what may be handed over with it */
export async function claimAll(
  { count, counters }: Pick<Asked, 'count' | 'counters'>,
  own: (index: number) => Promise<void>,
): Promise<void> {
  for (;;) {
    const index = Atomics.add(counters, CLAIMED, 1);
    if (index >= count) return;
    for (let taken = Atomics.load(counters, TAKEN); index >= taken + AHEAD_MAX; taken = Atomics.load(counters, TAKEN))
      assert(Atomics.wait(counters, TAKEN, taken) !== 'timed-out', 'nobody waits for a time');
    await own(index);
  }
}
