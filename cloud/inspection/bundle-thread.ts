import { rmSync } from 'node:fs';
import { runInThread } from '../job-thread.ts';
import type { MadeBundle } from '../ports/bundle-shelf.ts';
import type { MakeBundle } from './bundle-shelf.ts';
import { notMade } from './pack-bundle.ts';

/** A bundle that takes longer is given up; a year of ten million entries takes two minutes. */
const BUNDLE_MS_MAX = 3_600_000;
/** Hashes of tiles, and one tile: what is read and packed goes through piece by piece. */
const MEMORY_MB = 1_024;

/** Compiled, every module lies beside this one under its own ending. */
const PROGRAM = new URL(`./bundle-worker${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url);

/** Makes bundles in a thread of its own each. @param program - of the thread; the compiled one in tests */
export function bundleThread(program: URL = PROGRAM): MakeBundle {
  const thread = { program, memoryMb: MEMORY_MB, msMax: BUNDLE_MS_MAX, broke: notMade };
  return async (task, note, signal) => {
    const made = await runInThread<MadeBundle>(thread, task, note, signal);
    if (!made.ok) for (const rest of [task.job.out, `${task.job.out}.parts`]) rmSync(rest, GONE);
    return made;
  };
}

const GONE = { recursive: true, force: true } as const;
