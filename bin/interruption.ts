import { existsSync, mkdtempSync, readdirSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** By which a person, a terminal or a system ends a command. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Work that makes files and directories. Where it ends with a fault, or a signal ends the process meanwhile, nothing is left of what was not
 * there before; by a signal the process ends then. Work that gives the loop no turn is ended by none, and is through first.
 *
 * @param paths - files and directories that come into being; what holds something already is left alone
 * @param work - gives the exit status; every other than 0 says that it is not made
 */
export async function whileMaking(paths: readonly string[], work: () => Promise<number>): Promise<number> {
  const made = paths.map(makingOf);
  let status: number | undefined;
  try {
    status = await guarded(made, work);
  } finally {
    if (status !== DONE) for (const one of made) clear(one);
  }
  return status;
}

const DONE = 0;

/** What is made, and what was there before. */
interface Making {
  readonly path: string;
  readonly was: 'absent' | 'empty' | 'held';
  /** Directories above it that were not there either, the deepest first. */
  readonly above: readonly string[];
}

async function guarded<T>(made: readonly Making[], work: () => Promise<T>): Promise<T> {
  const isOver = onInterruption(() => {
    for (const one of made) clear(one);
  });
  try {
    return await work();
  } finally {
    isOver();
  }
}

/**
 * Clears something away where a signal ends the process, which then ends by that signal.
 *
 * @returns what is called when there is nothing to clear away any more
 */
export function onInterruption(clearAway: () => void): () => void {
  const ignore = (): void => {
    for (const signal of SIGNALS) process.off(signal, end);
  };
  const end = (signal: NodeJS.Signals): void => {
    ignore();
    clearAway();
    // Of several that clear away, the last one has nobody left who would catch it.
    process.kill(process.pid, signal);
  };
  for (const signal of SIGNALS) process.on(signal, end);
  return ignore;
}

/** Work in a directory for temporary files that is gone afterwards, however it ends. */
export async function inScratch<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'tongguan-'));
  try {
    return await guarded([{ path: directory, was: 'absent', above: [] }], () => work(directory));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function makingOf(path: string): Making {
  const above: string[] = [];
  for (let at = dirname(path); !existsSync(at); at = dirname(at)) above.push(at);
  return { path, was: kindOf(path), above };
}

function kindOf(path: string): Making['was'] {
  if (!existsSync(path)) return 'absent';
  return statSync(path).isDirectory() && readdirSync(path).length === 0 ? 'empty' : 'held';
}

/** What cannot be cleared away hides no fault. */
function clear({ path, was, above }: Making): void {
  if (was === 'held') return;
  const paths = was === 'empty' ? readdirSync(path).map((name) => join(path, name)) : [path];
  for (const one of paths) attempt(() => rmSync(one, { recursive: true, force: true }));
  // Somebody else may have put something there meanwhile.
  for (const directory of above) attempt(() => rmdirSync(directory));
}

function attempt(step: () => void): void {
  try {
    step();
  } catch {
    // It is left as it is.
  }
}
