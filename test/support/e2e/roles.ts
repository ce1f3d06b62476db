import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** One role of the product as a real process that can be killed and started again. */
export interface RoleProcess {
  readonly start: () => Promise<void>;
  /** kill -9, and wait until it is gone. */
  readonly kill: () => Promise<void>;
  readonly stop: () => Promise<void>;
  /** What it last reported since it was started. */
  readonly status: <T>() => T | undefined;
  readonly errors: () => readonly string[];
  readonly starts: () => number;
}

const READY_MS_MAX = 60_000;

export function roleProcess(
  name: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): RoleProcess {
  let child: ChildProcess | undefined;
  let status: unknown;
  let starts = 0;
  const errors: string[] = [];
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    const own = child;
    if (own === undefined || own.exitCode !== null || own.signalCode !== null) return;
    const gone = once(own, 'exit');
    own.kill(signal);
    await gone;
  };
  return {
    start: async () => {
      status = undefined;
      starts += 1;
      const own = spawn(process.execPath, [...args], {
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
        env: { ...process.env, ...environment },
      });
      child = own;
      own.on('message', (message) => {
        if (child === own) status = message;
      });
      own.stderr?.setEncoding('utf8').on('data', (text: string) => {
        if (/error:|BUG/.test(text)) errors.push(`${name}: ${text.trim()}`);
      });
      const startedAt = performance.now();
      while (status === undefined) {
        if (own.exitCode !== null || own.signalCode !== null)
          throw new Error(`${name} ended while starting: ${errors.join('\n')}`);
        if (performance.now() - startedAt > READY_MS_MAX) throw new Error(`${name} does not report`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    status: <T>() => status as T | undefined,
    errors: () => errors,
    starts: () => starts,
  };
}
