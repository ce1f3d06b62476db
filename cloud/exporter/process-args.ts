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
 * Aborted by SIGINT or SIGTERM, or when the parent process that listens to us is gone. Further signals change nothing. A ctrl-C at a terminal
 * reaches us as well as our parent, which stops us when our turn has come: until then it changes nothing either.
 */
export function stopOnSignals(process: NodeJS.Process): AbortSignal {
  const controller = new AbortController();
  const stop = () => controller.abort();
  process.on('SIGTERM', stop);
  process.on('SIGINT', () => {
    if (!process.connected) stop();
  });
  if (process.connected) process.once('disconnect', stop);
  return controller.signal;
}
