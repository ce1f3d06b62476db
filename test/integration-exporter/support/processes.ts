import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { parseExporterConfig } from '../../../cloud/exporter/config.ts';
import type { ExporterStatus } from '../../../cloud/exporter/main.ts';
import { permissionArguments } from '../../../cloud/exporter/permissions.ts';
import type { ReceiverStatus } from '../../../cloud/exporter/receiver/main.ts';
import type { Compiled } from './compiled.ts';
import { until } from './running.ts';

/** A role running in a process of its own. */
export interface RoleProcess<Status> {
  readonly pid: number | undefined;
  readonly statuses: readonly Status[];
  readonly lines: () => string;
  /** Kills as with -9 and waits until it is gone. */
  readonly kill: () => Promise<void>;
  /** Asks it to stop and gives its exit status. */
  readonly stop: () => Promise<number | null>;
  readonly exited: Promise<number | null>;
}

/** Starts the exporter under Node's permission model, with the arguments that `permissionArguments` gives. */
export function spawnExporter(compiled: Compiled, configPath: string): RoleProcess<ExporterStatus> {
  return spawnRole([...restrictions(compiled, configPath), compiled.exporter, '--config', configPath]);
}

export function restrictions(compiled: Compiled, configPath: string): readonly string[] {
  const parsed = parseExporterConfig(configPath, readFileSync(configPath, 'utf8'));
  if (!parsed.ok) throw new Error('a configuration');
  const nodeVersion = process.versions.node;
  return permissionArguments({ configPath, config: parsed.value, codePaths: compiled.codePaths, nodeVersion });
}

/** Starts the receiver and waits until it listens. */
export async function spawnReceiver(
  compiled: Compiled,
  configPath: string,
): Promise<RoleProcess<ReceiverStatus> & { readonly port: number }> {
  const role = spawnRole<ReceiverStatus>([compiled.receiver, '--config', configPath]);
  await until(() => role.statuses.length > 0);
  return { ...role, port: role.statuses[0]?.port ?? 0 };
}

function spawnRole<Status>(args: readonly string[]): RoleProcess<Status> {
  const child: ChildProcess = spawn(process.execPath, [...args], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  const statuses: Status[] = [];
  let lines = '';
  child.on('message', (status) => statuses.push(status as Status));
  child.stderr?.on('data', (chunk) => {
    lines += String(chunk);
  });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  return {
    pid: child.pid,
    statuses,
    lines: () => lines,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    stop: () => {
      child.kill('SIGTERM');
      return exited;
    },
    exited,
  };
}
