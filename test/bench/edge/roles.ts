import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RoleSurroundings } from '../../../proto/config/role.ts';
import { assert } from '../../../proto/words/result.ts';
import type { Instant } from '../../../proto/words/time.ts';

const main = fileURLToPath(new URL('../../../../../dist/bin/main.js', import.meta.url));

/** A role of the compiled program in a process of its own. */
export interface Role<Status> {
  readonly pid: number;
  readonly until: (isThere: (status: Status) => boolean) => Promise<Status>;
  readonly stop: () => Promise<void>;
}

export function start<Status>(args: readonly string[], environment: Readonly<Record<string, string>>): Role<Status> {
  assert(existsSync(main), 'the program is compiled: run `make build`');
  const child: ChildProcess = fork(main, [...args], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
    env: { ...process.env, ...environment },
  });
  let latest: Status | undefined;
  child.on('message', (status: Status) => {
    latest = status;
  });
  return {
    pid: child.pid ?? 0,
    until: async (isThere) => {
      while (latest === undefined || !isThere(latest)) {
        assert(child.exitCode === null, 'the process runs');
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return latest;
    },
    stop: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

export function surroundings(): RoleSurroundings {
  return {
    environment: {},
    clock: { now: () => Date.now() as Instant },
    chance: Math.random,
    stdin: process.stdin,
    out: () => undefined,
    err: () => undefined,
    fault: () => undefined,
    report: () => undefined,
    stopRequested: new Promise(() => undefined),
  };
}
