import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { freePort } from '../../../bin/up/free-port.ts';
import type { BenchFleet } from '../ingest/fleet.ts';
import { allAdmitted, connectTo, type EachConnection, openInSteps } from './opening.ts';

const PROGRAM = ['/usr/sbin/mosquitto', '/usr/bin/mosquitto'].find((path) => existsSync(path));
const STARTED_MS_MAX = 10_000;
const LOOK_EVERY_MS = 50;

/**
 * Vehicles connected over mTLS to mosquitto, with the cloud attached behind it (`ingress.kind: external`): what the cloud
 * takes for each vehicle that listens and has said a frame, and what mosquitto takes.
 *
 * @returns undefined where there is no mosquitto
 */
export async function measureElsewhere(
  directory: string,
  fleet: BenchFleet,
  openMsMax: number,
): Promise<EachConnection | undefined> {
  if (PROGRAM === undefined) return undefined;
  const own = join(directory, 'mosquitto');
  rmSync(own, { recursive: true, force: true });
  mkdirSync(own, { recursive: true });
  const [ofVehicles, ofCloud] = [await freePort(), await freePort()];
  const broker = spawn(PROGRAM, ['-c', configure(own, fleet, { ofVehicles, ofCloud })], { stdio: 'ignore' });
  const ended = once(broker, 'exit');
  try {
    await listening(ofCloud);
    const order = {
      does: 'external',
      directory: join(own, 'cloud'),
      fleet,
      url: `mqtt://127.0.0.1:${ofCloud}`,
    } as const;
    const attached = await connectTo(order, 'frame', ofVehicles);
    const seen = await openInSteps(attached, fleet.devices.length, openMsMax, () => residentOf(broker));
    await allAdmitted(attached.broker, seen.held);
    await attached.end();
    return seen;
  } finally {
    broker.kill('SIGTERM');
    await ended;
    rmSync(own, { recursive: true, force: true });
  }
}

/** Vehicles by certificates of their authority; the cloud on this machine alone. @returns the file */
function configure(
  directory: string,
  { deviceAuthority, serverCertificate, serverKey }: BenchFleet,
  ports: { readonly ofVehicles: number; readonly ofCloud: number },
): string {
  const file = (name: string, text: string): string => {
    writeFileSync(join(directory, name), text, { mode: 0o600 });
    return join(directory, name);
  };
  const lines = [
    ...['per_listener_settings true', 'max_queued_messages 0', 'persistence false'],
    ...[`listener ${ports.ofCloud} 127.0.0.1`, 'allow_anonymous true'],
    ...[`listener ${ports.ofVehicles} 127.0.0.1`, 'allow_anonymous true', 'require_certificate true'],
    ...[`cafile ${file('ca.pem', deviceAuthority)}`, `certfile ${file('server.pem', serverCertificate)}`],
    ...[`keyfile ${file('server-key.pem', serverKey)}`, 'use_identity_as_username true', 'tls_version tlsv1.3'],
    ...(process.getuid?.() === 0 ? ['user root'] : []),
  ];
  return file('mosquitto.conf', `${lines.join('\n')}\n`);
}

async function listening(port: number): Promise<void> {
  for (let waited = 0; !(await answers(port)); waited += LOOK_EVERY_MS) {
    if (waited > STARTED_MS_MAX) throw new Error('mosquitto did not start');
    await after(LOOK_EVERY_MS);
  }
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

/** Resident bytes, as Linux tells them in kB. */
function residentOf({ pid }: ChildProcess): number {
  const [, kb] = readFileSync(`/proc/${pid}/status`, 'utf8').match(/^VmRSS:\s+(\d+) kB$/m) ?? [];
  return Number(kb) * 1_024;
}
