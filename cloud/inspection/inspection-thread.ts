import { rmSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Fault } from '../../proto/words/fault.ts';
import { fail, type Result } from '../../proto/words/result.ts';
import type { Progress } from '../ports/progress.ts';
import type { MakeInspection } from './inspections.ts';
import { type MadeInspection, notMade } from './make-inspection.ts';

/** What the thread of a bundle says: how far it is, and once what came of it. */
export type InspectionWord = { readonly progress: Progress } | { readonly made: Result<MadeInspection, Fault> };

/** A bundle that takes longer is given up; a year of ten million entries takes two minutes. */
const INSPECTION_MS_MAX = 3_600_000;
/** Hashes of tiles, and one tile: what is read and packed goes through piece by piece. */
const MEMORY = { maxOldGenerationSizeMb: 1_024 } as const;

/** Compiled, every module lies beside this one under its own ending. */
const PROGRAM = new URL(
  `./inspection-worker${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`,
  import.meta.url,
);

/** Makes bundles in a thread of its own each. @param program - of the thread; the compiled one in tests */
export function inspectionThread(program: URL = PROGRAM): MakeInspection {
  return (job, note, signal) =>
    new Promise((resolve) => {
      const worker = new Worker(program, { workerData: job, resourceLimits: MEMORY });
      const stop = (): void => void worker.terminate();
      const timer = setTimeout(stop, INSPECTION_MS_MAX);
      let made: Result<MadeInspection, Fault> | undefined;
      let crash = 'stopped';
      signal.addEventListener('abort', stop, { once: true });
      worker.on('message', (word: InspectionWord) => {
        if ('progress' in word) note(word.progress);
        else made = word.made;
      });
      worker.once('error', (cause) => {
        crash = cause instanceof Error ? cause.name : 'unknown';
      });
      worker.once('exit', () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
        if (made === undefined) for (const rest of [job.out, `${job.out}.parts`]) rmSync(rest, GONE);
        resolve(made ?? fail(notMade(crash)));
      });
    });
}

const GONE = { recursive: true, force: true } as const;
