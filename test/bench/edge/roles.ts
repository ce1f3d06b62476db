import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { layoutOf } from '../../../bin/up/layout.ts';
import { prepareFleet } from '../../../bin/up/prepare-fleet.ts';
import { assert } from '../../../proto/words/result.ts';
import { quietSurroundings } from '../../support/quiet-surroundings.ts';

const at = (path: string): string => fileURLToPath(new URL(`../../../../../${path}`, import.meta.url));

/** A role of the compiled program in a process of its own. */
export interface Role<Status> {
  readonly pid: number;
  readonly until: (isThere: (status: Status) => boolean) => Promise<Status>;
  readonly stop: () => Promise<void>;
}

export function start<Status>(args: readonly string[], environment: Readonly<Record<string, string>>): Role<Status> {
  assert(existsSync(at('dist/bin/main.js')), 'the program is compiled: run `make build`');
  // As a person would start it: what the launcher sets is part of what is measured.
  const child: ChildProcess = spawn(at('bin/tongguan'), [...args], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
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

/** One vehicle provisioned in a fresh directory, with what its processes are started with. */
export interface OneVehicle {
  readonly socket: string;
  readonly edgeConfig: string;
  readonly cloudConfig: string;
}

export async function provisionOne(directory: string): Promise<OneVehicle> {
  rmSync(directory, { recursive: true, force: true });
  const layout = layoutOf(directory);
  const prepared = await prepareFleet(layout, { vehicles: 1, seed: 'bench', traces: [] }, quietSurroundings());
  assert(prepared.ok, 'one vehicle can be provisioned');
  const [name] = prepared.value.names;
  assert(name !== undefined, 'the fleet has a vehicle');
  mkdirSync(layout.sockets, { recursive: true, mode: 0o700 });
  return {
    socket: join(layout.sockets, `${name}.sock`),
    edgeConfig: layout.config(`edge/${name}.yaml`),
    cloudConfig: layout.config('cloud.yaml'),
  };
}
