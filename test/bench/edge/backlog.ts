import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import type { CloudStatus } from '../../../cloud/status.ts';
import type { FleetStatus } from '../../../edge/status.ts';
import { rawSignals } from './raw-frames.ts';
import { provisionOne, type Role, start } from './roles.ts';

/** How long one vehicle's backlog takes while it goes on sealing. */
export interface BacklogDrain {
  readonly backlogMb: number;
  readonly backlogFrames: number;
  readonly seconds: number;
  readonly liveFrames: number;
}

const LIVE_EVERY_MS = 100;
/** Lines written before the socket is asked whether it keeps up. */
const LINES_AT_ONCE = 500;

/** Fills the spool of one vehicle without an uplink, then lets it drain into a real cloud with ten live frames a second. */
export async function measureBacklog(directory: string, backlogBytes: number): Promise<BacklogDrain> {
  const { socket, edgeConfig, cloudConfig } = await provisionOne(directory);
  const offline = start<FleetStatus>(['edge', '--config', edgeConfig], {
    TONGGUAN_EDGE__UPLINK__URL: 'mqtts://127.0.0.1:9',
  });
  await offline.until(() => true);
  const filled = await fill(socket, offline, backlogBytes);
  await offline.stop();
  const cloud = start<CloudStatus>(['cloud', '--config', cloudConfig], {});
  const { port } = await cloud.until((status) => status.port > 0);
  const startedAt = performance.now();
  const url = `mqtts://127.0.0.1:${port}`;
  const edge = start<FleetStatus>(['edge', '--config', edgeConfig], { TONGGUAN_EDGE__UPLINK__URL: url });
  await edge.until((status) => status.connected === 1);
  const live = await feedLive(socket);
  await edge.until((status) => status.framesSealed > filled.frames && status.framesWaiting < LINES_AT_ONCE);
  const seconds = (performance.now() - startedAt) / 1_000;
  const liveFrames = live.stop();
  const { framesSealed } = await edge.until((status) => status.framesWaiting === 0);
  await cloud.until((status) => status.framesAdmitted >= framesSealed);
  await edge.stop();
  await cloud.stop();
  rmSync(directory, { recursive: true, force: true });
  return { backlogMb: filled.bytes / 1e6, backlogFrames: filled.frames, seconds, liveFrames };
}

async function fill(
  path: string,
  edge: Role<FleetStatus>,
  bytes: number,
): Promise<{ readonly bytes: number; readonly frames: number }> {
  const socket = await open(path);
  const startMs = Date.now() - 30 * 86_400_000;
  for (let second = 0; ; second += LINES_AT_ONCE) {
    const lines = Array.from({ length: LINES_AT_ONCE }, (_, at) => lineOf(second + at, startMs)).join('');
    if (!socket.write(lines)) await once(socket, 'drain');
    // Statuses come a few times a second; the socket is slower than they are old.
    if (second % (LINES_AT_ONCE * 20) !== 0) continue;
    const { spoolBytes } = await edge.until(() => true);
    if (spoolBytes >= bytes) break;
  }
  socket.end();
  await once(socket, 'close');
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const { spoolBytes, framesSealed } = await edge.until(() => true);
  return { bytes: spoolBytes, frames: framesSealed };
}

async function feedLive(path: string): Promise<{ readonly stop: () => number }> {
  const socket = await open(path);
  let frames = 0;
  const timer = setInterval(() => {
    socket.write(lineOf(0, Date.now()));
    frames += 1;
  }, LIVE_EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      socket.end();
      return frames;
    },
  };
}

async function open(path: string): Promise<Socket> {
  const socket = connect(path);
  await once(socket, 'connect');
  return socket;
}

/** Values repeat after two hours of drive, or the battery would be below empty. */
const DRIVE_S = 7_200;

function lineOf(second: number, startMs: number): string {
  const drive = second % DRIVE_S;
  const frame = rawSignals(drive, startMs + (second - drive) * 1_000);
  return `${JSON.stringify({ ...frame, at: new Date(frame.at).toISOString() })}\n`;
}
