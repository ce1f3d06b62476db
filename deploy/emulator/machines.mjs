// Machines that the packaged agent is run on: an emulated TCU, and the one at hand. Both start it as its package does.
import { readFileSync } from 'node:fs';
import { at } from './processes.mjs';

/** What the emulated TCU has; a process that holds more is ended, as its kernel would. */
export const MEMORY_MIB = 256;

const SERVICE = 'deploy/edge/tongguan-edge.service';

/**
 * @returns flags of Node and environment, read from the unit that the package installs
 * @throws an error when the unit does not say them
 */
export function asPackaged() {
  const unit = readFileSync(at(SERVICE), 'utf8');
  const flags = /^ExecStart=\S+((?: --\S+)+) \S+\.js /m.exec(unit)?.[1];
  const environment = /^Environment=(.+)$/m.exec(unit)?.[1];
  if (flags === undefined || environment === undefined) throw new Error(`emulator: ${SERVICE} is not understood`);
  return {
    flags: flags.trim().split(' '),
    environment: Object.fromEntries(environment.split(' ').map((one) => one.split('='))),
  };
}

const slowFlush = (name) => at(`build/emulator/slow-flush-${name}.so`);

/** @param {Record<string, string>} slow - what the library that slows flushes down is told */
export const machines = (slow) => [
  {
    name: 'arm64 (QEMU)',
    node: [
      ...[at('build/emulator/small-machine'), 'qemu-aarch64-static', '-L', '/usr/aarch64-linux-gnu'],
      ...Object.entries({ LD_PRELOAD: slowFlush('arm64'), ...slow }).flatMap(([key, value]) => [
        '-E',
        `${key}=${value}`,
      ]),
      at('build/emulator/node/bin/node'),
    ],
    agent: at('build/emulator/agent/tongguan-edge.js'),
    environment: { SMALL_MACHINE_MIB: String(MEMORY_MIB) },
  },
  {
    name: `${process.arch} (this machine)`,
    node: [process.execPath],
    agent: at('dist/tongguan-edge.js'),
    environment: { LD_PRELOAD: slowFlush('native'), ...slow },
  },
];
