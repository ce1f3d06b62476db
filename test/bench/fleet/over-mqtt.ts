import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { sendFleet } from '../../../bin/fleet/send-fleet.ts';
import { freePort } from '../../../bin/up/free-port.ts';
import { assert } from '../../../proto/words/result.ts';
import type { Instant } from '../../../proto/words/time.ts';

/** What sending a fleet's frames costs whoever is the fleet: seal, sign, publish, hear that it arrived. */
export interface SentFigures {
  readonly vehicles: number;
  readonly connections: number;
  /** Frames acknowledged for each second of CPU of this process; the broker is another. */
  readonly framesPerCoreSecond: number;
  /** Resident memory when all vehicles are there, and when all is sent, MB. */
  readonly residentMb: readonly [number, number];
}

const ROUNDS = 4;

/** @returns undefined where there is no mosquitto */
export async function measureSent(vehicles: number, connections: number): Promise<SentFigures | undefined> {
  const directory = mkdtempSync(join(tmpdir(), 'tongguan-bench-mqtt-'));
  const port = await freePort();
  writeFileSync(join(directory, 'broker.conf'), `listener ${port} 127.0.0.1\nallow_anonymous true\n`);
  const path = `${process.env['PATH'] ?? ''}:/usr/sbin`;
  const broker = spawn('mosquitto', ['-c', join(directory, 'broker.conf')], { stdio: 'ignore', env: { PATH: path } });
  let isMissing = false;
  broker.on('error', () => {
    isMissing = true;
  });
  try {
    for (let tries = 0; !isMissing && !(await isListening(port)); tries += 1) {
      if (tries > 100) return undefined;
      await wait(100);
    }
    if (isMissing) return undefined;
    return await sendAll(`mqtt://127.0.0.1:${port}`, vehicles, connections);
  } finally {
    broker.kill();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function sendAll(url: string, vehicles: number, connections: number): Promise<SentFigures> {
  let [before, first] = [process.cpuUsage(), 0];
  const sent = await sendFleet(
    { url, tls: {}, vehicles, connections, everyMs: 0, rounds: ROUNDS, seed: 'bench' },
    {
      clock: { now: () => Date.now() as Instant },
      sleep: (ms) => (ms === 0 ? new Promise((resolve) => void setImmediate(resolve)) : wait(ms)),
      isStopped: () => false,
      onReady: () => {
        [before, first] = [process.cpuUsage(), residentMb()];
      },
    },
  );
  if (!sent.ok) throw new Error(sent.fault.problem.en);
  const { acknowledged } = sent.value;
  assert(acknowledged === vehicles * ROUNDS, `every frame is acknowledged, and ${acknowledged} were`);
  const { user, system } = process.cpuUsage(before);
  const framesPerCoreSecond = acknowledged / ((user + system) / 1e6);
  return { vehicles, connections, framesPerCoreSecond, residentMb: [first, residentMb()] };
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });
}

const residentMb = (): number => Math.round(process.memoryUsage().rss / 1e6);
