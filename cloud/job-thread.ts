import { parentPort, Worker, workerData } from 'node:worker_threads';
import type { Fault } from '../proto/words/fault.ts';
import { assert, fail, type Result } from '../proto/words/result.ts';
import type { NoteProgress, Progress } from './ports/progress.ts';

/** A program that does one piece of work in a thread of its own. */
export interface JobThread {
  /** Compiled, every module lies beside who names it, under its own ending. */
  readonly program: URL;
  readonly memoryMb: number;
  /** Work that takes longer is given up; without it whoever asked says when, by the signal. */
  readonly msMax?: number;
  /** What is said of a thread that ended without a result. @param cause - `stopped`, or the name of an error */
  readonly broke: (cause: string) => Fault;
}

/** What a thread says: how far it is, and once what came of it. */
type Word<T> = { readonly progress: Progress } | { readonly came: Result<T, Fault> };

/** Does a job in a thread; one that is aborted, or takes too long, ends there and then. What it leaves is for the caller to remove. */
export function runInThread<T>(
  { program, memoryMb, msMax, broke }: JobThread,
  job: object,
  note: NoteProgress,
  signal: AbortSignal,
): Promise<Result<T, Fault>> {
  return new Promise((resolve) => {
    const worker = new Worker(program, { workerData: job, resourceLimits: { maxOldGenerationSizeMb: memoryMb } });
    const stop = (): void => void worker.terminate();
    const timer = msMax === undefined ? undefined : setTimeout(stop, msMax);
    let came: Result<T, Fault> | undefined;
    let crash = 'stopped';
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    worker.on('message', (word: Word<T>) => {
      if ('progress' in word) note(word.progress);
      else came = word.came;
    });
    worker.once('error', (cause) => {
      crash = cause instanceof Error ? cause.name : 'unknown';
    });
    worker.once('exit', () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      resolve(came ?? fail(broke(crash)));
    });
  });
}

/** The other side of it: what the program of such a thread does. */
export async function serveJob<J, T>(work: (job: J, note: NoteProgress) => Promise<Result<T, Fault>>): Promise<void> {
  const port = parentPort;
  assert(port !== null, 'a job runs in a thread');
  const say = (word: Word<T>): void => port.postMessage(word);
  say({ came: await work(workerData as J, (progress) => say({ progress })) });
}
