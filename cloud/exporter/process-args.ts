import { parseArgs } from 'node:util';

/** Path after `--config`, or undefined for any other command line. */
export function configPathOf(args: readonly string[]): string | undefined {
  try {
    return parseArgs({ args: [...args], options: { config: { type: 'string' } } }).values.config;
  } catch {
    return undefined;
  }
}

/** Tells the parent process, if one listens. One that is gone in this very moment is no fault: `stopOnSignals` then ends us in order. */
export function tellParent(process: NodeJS.Process, status: object): void {
  if (process.connected) process.send?.(status, () => undefined);
}

/**
 * Aborted by SIGINT or SIGTERM, or when the parent process that listens to us is gone. Further signals change nothing: a
 * ctrl-C at a terminal reaches us twice, from the terminal and from the parent that passes it on.
 */
export function stopOnSignals(process: NodeJS.Process): AbortSignal {
  const controller = new AbortController();
  const stop = () => controller.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  if (process.connected) process.once('disconnect', stop);
  return controller.signal;
}
