import { type ChildProcess, spawn } from 'node:child_process';

/** A role running as a child process of `up`. */
export interface Child {
  readonly role: string;
  /** Last status it reported; counts and no content. */
  readonly status: () => Readonly<Record<string, unknown>> | undefined;
  /** Exit status once it has ended. */
  readonly ended: () => number | undefined;
  /** Asks it to stop, and ends it if it does not within the time. */
  readonly stop: () => Promise<void>;
}

export interface ChildOptions {
  readonly role: string;
  /** Arguments of node: its own flags, the script, and the script's. */
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly onLine: (role: string, line: string) => void;
  readonly onEnd: (role: string, exit: number) => void;
}

const STOP_MS_MAX = 15_000;
const LINE_CHARACTERS_MAX = 4_096;

export function startChild(options: ChildOptions): Child {
  const child = spawn(process.execPath, [...options.args], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, ...options.environment },
  });
  let status: Readonly<Record<string, unknown>> | undefined;
  let exit: number | undefined;
  child.on('message', (message) => {
    status = message as Readonly<Record<string, unknown>>;
  });
  followLines(child, (line) => options.onLine(options.role, line));
  const gone = new Promise<void>((resolve) => {
    child.once('exit', (code) => {
      exit = code ?? 1;
      options.onEnd(options.role, exit);
      resolve();
    });
  });
  return {
    role: options.role,
    status: () => status,
    ended: () => exit,
    stop: async () => {
      if (exit !== undefined) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
      await gone;
      clearTimeout(timer);
    },
  };
}

function followLines(child: ChildProcess, onLine: (line: string) => void): void {
  let rest = '';
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = (lines.pop() ?? '').slice(0, LINE_CHARACTERS_MAX);
    for (const line of lines) onLine(line);
  });
}
