import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import type { CloudStatus } from '../../../cloud/status.ts';
import type { FleetStatus } from '../../../edge/status.ts';
import { rawFix, rawSignals } from './raw-frames.ts';
import { provisionOne, start } from './roles.ts';

/** Memory of a real `tongguan edge` after an hour of one vehicle, in MB of 10^6 bytes. */
export interface EdgeMemory {
  readonly connectedMb: number;
  readonly afterMb: number;
  readonly peakMb: number;
  readonly framesFed: number;
  readonly framesSealed: number;
  readonly framesAdmitted: number;
  readonly seconds: number;
}

const HOUR_S = 3_600;

/** How long the process may rest before its size is read, as it would between two frames of a second. */
const REST_MS = 5_000;

/**
 * Feeds an hour at 1 Hz, signals and fixes, through the agent's socket as fast as it takes them, with a real cloud that
 * acknowledges; Linux only, since the sizes are the kernel's.
 */
export async function measureMemory(directory: string): Promise<EdgeMemory> {
  const { socket, edgeConfig, cloudConfig } = await provisionOne(directory);
  const cloud = start<CloudStatus>(['cloud', '--config', cloudConfig], {});
  const { port } = await cloud.until((status) => status.port > 0);
  const url = `mqtts://127.0.0.1:${port}`;
  const edge = start<FleetStatus>(['edge', '--config', edgeConfig], {
    TONGGUAN_EDGE__UPLINK__URL: url,
  });
  await edge.until((status) => status.connected === 1);
  const connectedMb = sizes(edge.pid).nowMb;
  const startedAt = performance.now();
  const framesFed = await feed(socket);
  const { framesSealed } = await edge.until((status) => status.framesSealed >= HOUR_S && status.framesWaiting === 0);
  const seconds = (performance.now() - startedAt) / 1_000;
  await new Promise((resolve) => setTimeout(resolve, REST_MS));
  const { nowMb, peakMb } = sizes(edge.pid);
  const { framesAdmitted } = await cloud.until((status) => status.framesAdmitted >= framesSealed);
  await edge.stop();
  await cloud.stop();
  rmSync(directory, { recursive: true, force: true });
  return { connectedMb, afterMb: nowMb, peakMb, framesFed, framesSealed, framesAdmitted, seconds };
}

/** The hour before the last, so that no frame is dated in the future. */
async function feed(path: string): Promise<number> {
  const socket = connect(path);
  await once(socket, 'connect');
  const startMs = Date.now() - 2 * HOUR_S * 1_000;
  let frames = 0;
  for (let second = 0; second < HOUR_S; second += 1) {
    for (const frame of [rawFix(second, startMs), rawSignals(second, startMs)]) {
      frames += 1;
      const line = `${JSON.stringify({ ...frame, at: new Date(frame.at).toISOString() })}\n`;
      if (!socket.write(line)) await once(socket, 'drain');
    }
  }
  socket.end();
  await once(socket, 'close');
  return frames;
}

/** The kernel counts in KiB. */
function sizes(pid: number): { readonly nowMb: number; readonly peakMb: number } {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = (name: string): number => (Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(text)?.[1]) * 1_024) / 1e6;
  return { nowMb: read('VmRSS'), peakMb: read('VmHWM') };
}
