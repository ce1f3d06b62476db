import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseExporterConfig } from '../../cloud/exporter/config.ts';
import { permissionArguments } from '../../cloud/exporter/permissions.ts';
import { STATE_FILE } from '../../firmware-sim/state-file.ts';
import { assert } from '../../proto/words/result.ts';
import { CLOUD_FLAGS } from '../cloud-flags.ts';
import type { ChildOptions } from './child.ts';
import type { Layout } from './layout.ts';

type Start = Pick<ChildOptions, 'role' | 'args' | 'environment'>;

const main = fileURLToPath(new URL('../main.js', import.meta.url));
const compiled = fileURLToPath(new URL('../../', import.meta.url));
const packageRoot = fileURLToPath(new URL('../../../', import.meta.url));

/** How each role is started. They are the commands a person would type, with ports that are free on this machine. */
export function cloudChild(layout: Layout): Start {
  return { role: 'cloud', args: [...CLOUD_FLAGS, main, 'cloud', '--config', layout.config('cloud.yaml')] };
}

export function receiverChild(layout: Layout): Start {
  return { role: 'receiver', args: receiverArguments(layout.config('receiver.yaml')) };
}

export function receiverArguments(configPath: string): readonly string[] {
  return [`${compiled}cloud/exporter/receiver/start.js`, '--config', configPath];
}

/** The exporter can read what was cleared, and no zone, key or register: Node's permission model sees to it. */
export function exporterChild(layout: Layout): Start {
  return { role: 'exporter', args: exporterArguments(layout.config('exporter.yaml')) };
}

/** Where the exporter's code is, so that it may read that and no other. */
export interface ExporterProgram {
  readonly start: string;
  /** Absolute directories and files. */
  readonly codePaths: readonly string[];
}

const OWN_EXPORTER: ExporterProgram = {
  start: `${compiled}cloud/exporter/start.js`,
  codePaths: [compiled, `${packageRoot}package.json`, `${packageRoot}node_modules`],
};

export function exporterArguments(configPath: string, program: ExporterProgram = OWN_EXPORTER): readonly string[] {
  const parsed = parseExporterConfig(configPath, readFileSync(configPath, 'utf8'));
  assert(parsed.ok, 'the configuration of the exporter was parsed before');
  const permissions = permissionArguments({
    configPath,
    config: parsed.value,
    codePaths: program.codePaths,
    nodeVersion: process.versions.node,
  });
  return [...permissions, program.start, '--config', configPath];
}

export function edgeChild(layout: Layout, role: string, vehicles: readonly string[], port: number): Start {
  const configs = vehicles.map((name) => layout.config(`edge/${name}.yaml`));
  return {
    role,
    args: [main, 'edge', '--config', ...configs],
    environment: { TONGGUAN_EDGE__UPLINK__URL: `mqtts://127.0.0.1:${port}` },
  };
}

export interface SimChildOptions {
  readonly vehicles: number;
  readonly seed: string;
  readonly traces: readonly string[];
  /** Where drives begin and how fast they catch up; as the simulator has it where left out. */
  readonly pace?: { readonly start: string; readonly speed: number; readonly ahead: number } | undefined;
}

export function simChild(layout: Layout, options: SimChildOptions): Start {
  const { vehicles, seed, traces, pace } = options;
  // Vehicles that have driven before go on from where they were: drives of another start are other drives.
  const hasDriven = existsSync(`${layout.root}/sim/${STATE_FILE}`);
  const begun = pace === undefined || hasDriven ? [] : ['--start', pace.start];
  const paced = pace === undefined ? [] : [...begun, '--speed', String(pace.speed), '--ahead', String(pace.ahead)];
  const source = traces.length === 0 ? [] : ['--traces', ...traces];
  const fixed = [
    '--vehicles',
    String(vehicles),
    '--seed',
    seed,
    '--sockets',
    layout.sockets,
    '--state',
    `${layout.root}/sim`,
  ];
  return { role: 'sim', args: [main, 'sim', ...fixed, ...paced, ...source] };
}
