import type * as NodeModule from 'node:module';
import type * as NodeThreads from 'node:worker_threads';
import { Worker } from 'node:worker_threads';
import type { Pixels } from './picture-codec.ts';

/** What runs in the thread of a detector: it gets everything by its argument and refers to nothing outside of itself. */
export type DetectorProgram = (inside: DetectorInside) => void;

export interface DetectorInside {
  /** Loads a package of the product; an optional one may be missing, and then this throws. */
  readonly load: (name: string) => unknown;
  readonly settings: Readonly<Record<string, unknown>>;
  /** To be called once, when pictures can be given; `version` names code and model. `find` gives boxes, or a promise of them. */
  readonly ready: (version: string, find: (pixels: Pixels) => unknown) => void;
}

/** Makes pixels of what is posted to the thread, within the thread; under the same terms as a program. */
export type PixelsWithin = (load: DetectorInside['load']) => (posted: never) => Pixels | Promise<Pixels>;

export interface DetectorThreadSettings {
  readonly program: DetectorProgram;
  /** Given to the program; what can be copied to a thread. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Absent: pixels are what is posted. */
  readonly pixelsWithin?: PixelsWithin;
  /** Longest time to load code and model. */
  readonly startMsMax: number;
  /** Longest time for one picture. */
  readonly timeLimitMs: number;
}

/** `boxes` is what the program gave, and nobody has looked at it yet. */
export type ThreadAnswer =
  | { readonly kind: 'boxes'; readonly boxes: unknown; readonly version: string }
  | { readonly kind: 'missing' | 'failed' | 'late' };

/** One picture at a time: who asks while another is looked at waits for it. */
export interface DetectorThread {
  /** @param posted - what can be copied to a thread and `pixelsWithin` knows */
  readonly ask: (posted: unknown) => Promise<ThreadAnswer>;
  /** Ends the thread; the next picture starts another. */
  readonly end: () => Promise<void>;
}

/** After so many starts that failed one after the other no further is tried. */
export const FAILED_STARTS_MAX = 3;

const HEAP_MB_MAX = 512;

type Said =
  | { readonly kind: 'ready'; readonly version: string }
  | { readonly kind: 'boxes'; readonly boxes: unknown }
  | { readonly kind: 'failed' | 'late' };

interface Running {
  readonly worker: Worker;
  readonly version: string;
}

/**
 * A detector in a thread of its own, so that one that hangs can be ended and one that crashes takes nothing along. It is
 * started by the first picture.
 */
export function detectorThread(parts: DetectorThreadSettings): DetectorThread {
  let running: Running | undefined;
  let failedStarts = 0;
  let turn: Promise<unknown> = Promise.resolve();

  const end = async (): Promise<void> => {
    const ended = running;
    running = undefined;
    await ended?.worker.terminate();
  };
  const start = async (): Promise<Running | undefined> => {
    if (running !== undefined || failedStarts >= FAILED_STARTS_MAX) return running;
    const worker = workerOf(parts);
    const said = await nextOf(worker, parts.startMsMax);
    if (said.kind !== 'ready') {
      failedStarts += 1;
      await worker.terminate();
      return undefined;
    }
    failedStarts = 0;
    running = { worker, version: said.version };
    return running;
  };
  const askNow = async (posted: unknown): Promise<ThreadAnswer> => {
    const started = await start();
    if (started === undefined) return { kind: 'missing' };
    const answered = nextOf(started.worker, parts.timeLimitMs);
    started.worker.postMessage(posted);
    const said = await answered;
    if (said.kind === 'boxes') return { ...said, version: started.version };
    // What it does with the next picture after this one nobody knows.
    await end();
    return { kind: said.kind === 'late' ? 'late' : 'failed' };
  };
  const ask = (posted: unknown): Promise<ThreadAnswer> => {
    const answered = turn.then(() => askNow(posted));
    turn = answered.catch(() => undefined);
    return answered;
  };
  return { ask, end };
}

/**
 * The programs as text: a file of their own would have to be found from sources, from what is compiled and from the one file
 * that the agent is shipped as (docs/adr/0017), and text is the same in all of them.
 */
function workerOf({ program, settings, pixelsWithin = AS_POSTED }: DetectorThreadSettings): Worker {
  const text = `(${THREAD.toString()})(require, ${program.toString()}, ${pixelsWithin.toString()})`;
  const worker = new Worker(text, {
    eval: true,
    workerData: { from: import.meta.url, settings },
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX },
  });
  // Between two pictures nobody listens, and an error without a listener would end the process.
  worker.on('error', () => undefined);
  worker.unref();
  return worker;
}

const AS_POSTED: PixelsWithin = () => (posted) => posted;

/** The next thing a thread says; its end is a failure. */
function nextOf(worker: Worker, limitMs: number): Promise<Said> {
  return new Promise((resolve) => {
    const finish = (said: Said): void => {
      clearTimeout(timer);
      worker.off('message', finish);
      worker.off('error', failed);
      worker.off('exit', failed);
      resolve(said);
    };
    const failed = (): void => finish({ kind: 'failed' });
    const timer = setTimeout(() => finish({ kind: 'late' }), limitMs);
    worker.on('message', finish);
    worker.on('error', failed);
    worker.on('exit', failed);
  });
}

const THREAD = (
  require: (name: 'node:worker_threads' | 'node:module') => never,
  program: DetectorProgram,
  pixelsWithin: PixelsWithin,
): void => {
  const { parentPort, workerData } = require('node:worker_threads') as typeof NodeThreads;
  const { createRequire } = require('node:module') as typeof NodeModule;
  const load = createRequire(workerData.from);
  const pixelsOf = pixelsWithin(load);
  program({
    load,
    settings: workerData.settings,
    ready: (version, find) => {
      parentPort?.on('message', (posted) => {
        Promise.resolve()
          .then(() => pixelsOf(posted as never))
          .then(find)
          .then((boxes) => parentPort.postMessage({ kind: 'boxes', boxes }))
          .catch(() => parentPort.postMessage({ kind: 'failed' }));
      });
      parentPort?.postMessage({ kind: 'ready', version });
    },
  });
};
