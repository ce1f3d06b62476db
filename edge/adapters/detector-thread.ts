import type * as NodeModule from 'node:module';
import type * as NodeThreads from 'node:worker_threads';
import { Worker } from 'node:worker_threads';
import type { Detection, Detector, DetectorFault, Subject } from '../../proto/imagery/detector.ts';
import type { Pixels } from '../../proto/imagery/picture-codec.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';

/** What runs in the thread of a detector: it gets everything by its argument and refers to nothing outside of itself. */
export type DetectorProgram = (inside: DetectorInside) => void;

export interface DetectorInside {
  /** Loads a package of the product; an optional one may be missing, and then this throws. */
  readonly load: (name: string) => unknown;
  readonly settings: Readonly<Record<string, unknown>>;
  /** To be called once, when pictures can be given; `version` names code and model. */
  readonly ready: (version: string, detect: (pixels: Pixels) => unknown) => void;
}

export interface ThreadDetectorSettings {
  readonly name: string;
  readonly finds: readonly Subject[];
  readonly program: DetectorProgram;
  /** Given to the program; what can be copied to a thread. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Longest time for one picture. */
  readonly timeLimitMs: number;
}

/** Longest time a detector may take to load its code and model. */
export const START_MS_MAX = 20_000;

/** After so many starts that failed one after the other no further is tried. */
export const FAILED_STARTS_MAX = 3;

const HEAP_MB_MAX = 512;

type Answer =
  | { readonly kind: 'ready'; readonly version: string }
  | { readonly kind: 'boxes'; readonly boxes: Detection['boxes'] }
  | { readonly kind: 'failed' };

interface Running {
  readonly worker: Worker;
  readonly version: string;
}

/** A detector in a thread of its own, so that one that hangs can be ended and one that crashes takes nothing along. */
export function threadDetector({ name, finds, program, settings, timeLimitMs }: ThreadDetectorSettings): Detector {
  let running: Running | undefined;
  let failedStarts = 0;

  const end = async (): Promise<void> => {
    const ended = running;
    running = undefined;
    await ended?.worker.terminate();
  };

  const start = async (): Promise<Running | undefined> => {
    if (running !== undefined || failedStarts >= FAILED_STARTS_MAX) return running;
    const worker = new Worker(sourceOf(program), {
      eval: true,
      workerData: { from: import.meta.url, settings },
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX },
    });
    // Between two pictures nobody listens, and an error without a listener would end the process.
    worker.on('error', () => undefined);
    worker.unref();
    const answer = await answerOf(worker, START_MS_MAX);
    if (answer?.kind !== 'ready') {
      failedStarts += 1;
      await worker.terminate();
      return undefined;
    }
    failedStarts = 0;
    running = { worker, version: answer.version };
    return running;
  };

  const detect = async (pixels: Pixels): Promise<Result<Detection, DetectorFault>> => {
    const started = await start();
    if (started === undefined) return fail('detector-missing');
    const answered = answerOf(started.worker, timeLimitMs);
    started.worker.postMessage(pixels);
    const answer = await answered;
    if (answer?.kind === 'boxes') return ok({ boxes: answer.boxes, version: started.version });
    // What it does with the next picture after this one nobody knows.
    await end();
    return fail(answer === undefined ? 'detector-slow' : 'detector-failed');
  };

  return { name, finds, detect, close: end };
}

/** The next thing a thread says; its end is a failure. Undefined when the time is over. */
function answerOf(worker: Worker, limitMs: number): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const finish = (answer: Answer | undefined): void => {
      clearTimeout(timer);
      worker.off('message', finish);
      worker.off('error', failed);
      worker.off('exit', failed);
      resolve(answer);
    };
    const failed = (): void => finish({ kind: 'failed' });
    const timer = setTimeout(() => finish(undefined), limitMs);
    worker.on('message', finish);
    worker.on('error', failed);
    worker.on('exit', failed);
  });
}

/**
 * The program as text: a file of its own would have to be found from sources, from what is compiled and from the one file
 * that the agent is shipped as (docs/adr/0017), and text is the same in all of them.
 */
function sourceOf(program: DetectorProgram): string {
  return `(${THREAD.toString()})(require, ${program.toString()})`;
}

const THREAD = (require: (name: 'node:worker_threads' | 'node:module') => never, program: DetectorProgram): void => {
  const { parentPort, workerData } = require('node:worker_threads') as typeof NodeThreads;
  const { createRequire } = require('node:module') as typeof NodeModule;
  const load = createRequire(workerData.from);
  program({
    load,
    settings: workerData.settings,
    ready: (version, detect) => {
      parentPort?.on('message', (pixels) => {
        Promise.resolve()
          .then(() => detect(pixels))
          .then((boxes) => parentPort.postMessage({ kind: 'boxes', boxes }))
          .catch(() => parentPort.postMessage({ kind: 'failed' }));
      });
      parentPort?.postMessage({ kind: 'ready', version });
    },
  });
};
