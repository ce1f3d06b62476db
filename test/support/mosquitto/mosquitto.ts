import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { freePort } from '../../../bin/up/free-port.ts';

const PROGRAM = ['/usr/sbin/mosquitto', '/usr/bin/mosquitto'].find((path) => existsSync(path));

/** Why no test here can run, or undefined. */
export function whyNoMosquitto(): string | undefined {
  if (process.env['TONGGUAN_INTEGRATION'] !== '1') return 'run by `make integration`';
  return PROGRAM === undefined ? 'mosquitto is missing (Debian: mosquitto)' : undefined;
}

export interface Mosquitto {
  readonly url: string;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const STARTED_MS_MAX = 10_000;
const LOOK_EVERY_MS = 50;

/** A real broker on this machine alone, with its files in a directory of its own; not started yet. */
export async function testMosquitto(directory: string): Promise<Mosquitto> {
  const port = await freePort();
  const config = join(directory, 'mosquitto.conf');
  mkdirSync(directory, { recursive: true });
  writeFileSync(
    config,
    [
      `listener ${port} 127.0.0.1`,
      'allow_anonymous true',
      'persistence true',
      `persistence_location ${directory}/`,
      ...(process.getuid?.() === 0 ? ['user root'] : []),
      '',
    ].join('\n'),
  );
  let running: ChildProcess | undefined;
  return {
    url: `mqtt://127.0.0.1:${port}`,
    start: async () => {
      running = spawn(PROGRAM ?? 'mosquitto', ['-c', config], { stdio: 'ignore' });
      for (let waited = 0; !(await answers(port)); waited += LOOK_EVERY_MS) {
        if (waited > STARTED_MS_MAX) throw new Error('mosquitto did not start');
        await after(LOOK_EVERY_MS);
      }
    },
    stop: async () => {
      const ending = running;
      if (ending === undefined || ending.exitCode !== null) return;
      const ended = new Promise((resolve) => ending.once('exit', resolve));
      // It writes its sessions and what they hold where it is asked to end.
      ending.kill('SIGTERM');
      await ended;
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
