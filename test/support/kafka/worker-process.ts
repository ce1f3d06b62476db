import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { compiledProgram } from '../compiled.ts';
import type { WorkerOrder } from './worker.program.ts';

export interface WorkerProcess {
  readonly ready: Promise<unknown>;
  /** SIGKILL. */
  readonly kill: () => Promise<unknown>;
  /** Lets it leave the group; gives the status it ended with. */
  readonly leave: () => Promise<number | null>;
  readonly errors: () => string;
}

export function startWorker(order: WorkerOrder): WorkerProcess {
  const child = spawn(
    process.execPath,
    [compiledProgram('test/support/kafka/worker.program.ts'), JSON.stringify(order)],
    {
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const ended = once(child, 'close').then(([status]) => status as number | null);
  return {
    ready: Promise.race([
      once(child.stdout, 'data'),
      ended.then((status) => Promise.reject(new Error(`the worker ended with ${status}: ${errors}`))),
    ]),
    kill: () => {
      child.kill('SIGKILL');
      return ended;
    },
    leave: () => {
      child.stdin.end();
      return ended;
    },
    errors: () => errors,
  };
}
