import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** By which a person, a terminal or a system ends a command. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Work that makes files and directories. Where a signal ends the process meanwhile, nothing is left of what was not there before, and the
 * process ends by that signal. Work that gives the loop no turn is ended by none, and is through first.
 *
 * @param paths - files and directories that come into being; what holds something already is left alone
 */
export function whileMaking<T>(paths: readonly string[], work: () => Promise<T>): Promise<T> {
  return guarded(
    paths.map((path) => ({ path, was: kindOf(path) })),
    work,
  );
}

/** What is made, and what was there before. */
interface Making {
  readonly path: string;
  readonly was: 'absent' | 'empty' | 'held';
}

async function guarded<T>(made: readonly Making[], work: () => Promise<T>): Promise<T> {
  const isOver = onInterruption(() => {
    for (const { path, was } of made) if (was !== 'held') clear(path, was);
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
    return await guarded([{ path: directory, was: 'absent' }], () => work(directory));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function kindOf(path: string): Making['was'] {
  if (!existsSync(path)) return 'absent';
  return statSync(path).isDirectory() && readdirSync(path).length === 0 ? 'empty' : 'held';
}

function clear(path: string, was: 'absent' | 'empty'): void {
  const paths = was === 'empty' ? readdirSync(path).map((name) => join(path, name)) : [path];
  for (const one of paths) rmSync(one, { recursive: true, force: true });
}
