import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { freePort } from '../../../bin/up/free-port.ts';
import { type Layout, layoutOf } from '../../../bin/up/layout.ts';
import { prepareFleet } from '../../../bin/up/prepare-fleet.ts';
import { quietSurroundings } from '../quiet-surroundings.ts';
import { type RoleProcess, roleProcess } from './roles.ts';
import { type Fleet, until } from './run-dry.ts';
import { traceSet } from './traces.ts';

const OVER_SECONDS = 20;
const main = fileURLToPath(new URL('../../../dist/bin/main.js', import.meta.url));

/** Vehicles with their agents and their simulator as processes, for a cloud of as many processes as a test wants. Nothing is started. */
export interface DrivenFleet {
  readonly layout: Layout;
  /** Of the vehicles. */
  readonly names: readonly string[];
  readonly edge: RoleProcess;
  readonly sim: RoleProcess;
  /** Where the agents connect. */
  readonly mqttPort: number;
  /**
   * @param config - where it is not the fleet's own
   * @param environment - beside what has it listen where the agents connect
   */
  readonly cloud: (
    name: string,
    args: readonly string[],
    config?: string,
    environment?: Readonly<Record<string, string>>,
  ) => RoleProcess;
  /** Kills what still runs. */
  readonly end: () => Promise<void>;
}

/** @param directory - gets the fleet's data under `data` */
export async function drivenFleet(directory: string, seed: string): Promise<DrivenFleet> {
  const layout = layoutOf(join(directory, 'data'));
  // Three vehicles, or the forty that are made up where there are no traces.
  const traces = traceSet(join(directory, 'traces')).files.slice(-3);
  const prepared = await prepareFleet(layout, { vehicles: undefined, seed, traces }, quietSurroundings());
  if (!prepared.ok) throw new Error(prepared.fault.problem.en);
  const { names } = prepared.value;
  const mqttPort = await freePort();
  mkdirSync(layout.sockets, { recursive: true, mode: 0o700 });
  const made: RoleProcess[] = [];
  const own = (name: string, args: readonly string[], environment?: Readonly<Record<string, string>>): RoleProcess => {
    const one = roleProcess(name, [main, ...args], environment);
    made.push(one);
    return one;
  };
  const edgeConfigs = names.map((name) => layout.config(`edge/${name}.yaml`));
  const simArgs = ['--sockets', layout.sockets, '--seed', seed, '--over', String(OVER_SECONDS)];
  return {
    layout,
    names,
    edge: own('edge', ['edge', '--config', ...edgeConfigs], {
      TONGGUAN_EDGE__UPLINK__URL: `mqtts://127.0.0.1:${mqttPort}`,
    }),
    sim: own('sim', ['sim', ...simArgs, '--traces', ...traces]),
    mqttPort,
    cloud: (name, args, config = layout.config('cloud.yaml'), environment = {}) =>
      own(name, ['cloud', '--config', config, ...args], {
        TONGGUAN_CLOUD__MQTT__PORT: String(mqttPort),
        ...environment,
      }),
    end: async () => {
      for (const one of made.reverse()) await one.kill();
    },
  };
}

/** As an operator does it: keys of the configuration are changed, and `--initialise` makes what they name. */
export function reconfigure(layout: Layout, change: (config: Record<string, object>) => object): void {
  const file = layout.config('cloud.yaml');
  const config = parse(readFileSync(file, 'utf8'));
  writeFileSync(file, stringify({ ...config, ...change(config) }));
  const made = spawnSync(process.execPath, [main, 'cloud', '--config', file, '--initialise'], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(made.stderr);
}

/** Waits until more is admitted, or the drives are over. */
export async function untilMore(fleet: Fleet, admitted: () => number): Promise<void> {
  const before = admitted();
  await until(fleet, () => admitted() > before || fleet.sim.status<{ done: boolean }>()?.done === true);
}
