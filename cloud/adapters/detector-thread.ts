import type * as NodeModule from 'node:module';
import type * as NodeThreads from 'node:worker_threads';
import { Worker } from 'node:worker_threads';
import { fail, ok } from '../../proto/words/result.ts';
import type { LookFault, PictureDetector, PictureSubject, PlainPicture, SeenBox } from '../ports/picture-detector.ts';

/** What runs in the thread: it refers to nothing outside of its argument. It calls `ready` once, or throws. */
export type LookProgram = (inside: {
  /** Loads a package; an optional one may be missing, and then this throws. */
  readonly load: (name: string) => unknown;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly ready: (find: (picture: PlainPicture) => unknown) => void;
}) => void;

export interface LookSettings {
  readonly program: LookProgram;
  /** Given to the program; what can be copied to a thread. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Longest time for one picture. */
  readonly timeLimitMs: number;
}

const START_MS_MAX = 30_000;
/** After so many starts that failed one after the other none is tried any more. */
const FAILED_STARTS_MAX = 3;
const HEAP_MB_MAX = 512;
/** More are no answer: a picture of 1.2 megapixels has no room for them. */
const BOXES_MAX = 512;

type Answer = 'ready' | 'failed' | 'late' | readonly SeenBox[];

/**
 * Decoding and detecting in a thread of their own, which is ended when it takes too long. One picture at a time: who asks
 * while another is looked at waits for it.
 */
export function threadLook({ program, settings, timeLimitMs }: LookSettings): PictureDetector {
  let worker: Worker | undefined;
  let failedStarts = 0;
  let turn: Promise<unknown> = Promise.resolve();

  const end = async (): Promise<void> => {
    const ended = worker;
    worker = undefined;
    await ended?.terminate();
  };
  const start = async (): Promise<Worker | undefined> => {
    if (worker !== undefined || failedStarts >= FAILED_STARTS_MAX) return worker;
    const begun = new Worker(`(${THREAD.toString()})(require, ${program.toString()})`, {
      eval: true,
      workerData: { from: import.meta.url, settings },
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX },
    });
    // Between two pictures nobody listens, and an error without a listener would end the process.
    begun.on('error', () => undefined);
    begun.unref();
    if ((await answerOf(begun, START_MS_MAX)) === 'ready') {
      failedStarts = 0;
      worker = begun;
      return begun;
    }
    failedStarts += 1;
    await begun.terminate();
    return undefined;
  };
  const lookNow = async (picture: Uint8Array | PlainPicture) => {
    const running = await start();
    if (running === undefined) return fail<LookFault>('detector-missing');
    const answered = answerOf(running, timeLimitMs);
    running.postMessage(picture);
    const answer = await answered;
    if (typeof answer !== 'string' && answer.length <= BOXES_MAX && answer.every(isBox)) return ok(answer);
    await end();
    return fail<LookFault>(answer === 'late' ? 'detector-slow' : 'detector-failed');
  };
  return {
    look: (picture) => {
      const looked = turn.then(() => lookNow(picture));
      turn = looked.catch(() => undefined);
      return looked;
    },
    close: end,
  };
}

const SUBJECTS: readonly PictureSubject[] = ['face', 'plate'];

/** An answer that is none may not pass for one without boxes. */
function isBox(box: SeenBox): boolean {
  return SUBJECTS.includes(box?.subject) && [box.x, box.y, box.width, box.height].every(Number.isFinite);
}

/** The next thing a thread says; its end is a failure. */
function answerOf(worker: Worker, limitMs: number): Promise<Answer> {
  return new Promise((resolve) => {
    const finish = (answer: Answer): void => {
      clearTimeout(timer);
      worker.off('message', finish);
      worker.off('error', failed);
      worker.off('exit', failed);
      resolve(answer);
    };
    const failed = (): void => finish('failed');
    const timer = setTimeout(() => finish('late'), limitMs);
    worker.on('message', finish);
    worker.on('error', failed);
    worker.on('exit', failed);
  });
}

type Sharp = (
  input: Uint8Array,
  options?: object,
) => {
  removeAlpha(): ReturnType<Sharp>;
  toColourspace(name: string): ReturnType<Sharp>;
  jpeg(options: object): ReturnType<Sharp>;
  raw(): ReturnType<Sharp>;
  toBuffer(): Promise<Uint8Array>;
  toBuffer(options: {
    readonly resolveWithObject: true;
  }): Promise<{ readonly data: Uint8Array; readonly info: { readonly width: number; readonly height: number } }>;
};

/** Pixels are written as a JPEG first, so that a look at a drawn picture tries the whole way of a real one. */
const THREAD = (require: (name: 'node:worker_threads' | 'node:module') => never, program: LookProgram): void => {
  const { parentPort, workerData } = require('node:worker_threads') as typeof NodeThreads;
  const { createRequire } = require('node:module') as typeof NodeModule;
  const load = createRequire(workerData.from);
  const sharp = load('sharp') as Sharp;
  const pixelsOf = async (picture: Uint8Array | PlainPicture): Promise<PlainPicture> => {
    const file =
      'rgb' in picture
        ? await sharp(picture.rgb, { raw: { width: picture.width, height: picture.height, channels: 3 } })
            .jpeg({ quality: 90 })
            .toBuffer()
        : picture;
    const { data, info } = await sharp(file, { limitInputPixels: 16_777_216 })
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    if (data.length !== info.width * info.height * 3) throw new Error('neither colour nor grey');
    return { width: info.width, height: info.height, rgb: data };
  };
  program({
    load,
    settings: workerData.settings,
    ready: (find) => {
      parentPort?.on('message', (picture) => {
        pixelsOf(picture)
          .then(find)
          .then((boxes) => parentPort.postMessage(boxes))
          .catch(() => parentPort.postMessage('failed'));
      });
      parentPort?.postMessage('ready');
    },
  });
};
