import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { layoutOf } from '../../../bin/up/layout.ts';
import { prepareFleet } from '../../../bin/up/prepare-fleet.ts';
import type { RoleSurroundings } from '../../../proto/config/role.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { rawFrames } from './stages.ts';

/** Megabytes of a real `tongguan edge` process after an hour of 1 Hz fixes and signals, and the most it ever held. */
export async function edgeMemory(directory: string): Promise<{ readonly residentMb: number; readonly peakMb: number }> {
  rmSync(directory, { recursive: true, force: true });
  const layout = layoutOf(directory);
  const prepared = await prepareFleet(layout, { vehicles: 1, seed: 'bench', traces: [] }, SURROUNDINGS);
  if (!prepared.ok) throw new Error(prepared.fault.problem.en);
  const out = join(directory, 'sealed');
  mkdirSync(out);
  const args = ['dist/bin/main.js', 'edge', '--config', layout.config('edge/v0001.yaml'), '--seal-to', out];
  const edge = spawn(process.execPath, args, {
    stdio: ['pipe', 'ignore', 'inherit'],
    env: { ...process.env, TONGGUAN_EDGE__SOURCE: '{kind: stdin}' },
  });
  for (const frame of rawFrames(HOUR_FRAMES)) {
    const line = JSON.stringify({ ...frame, at: new Date(frame.at).toISOString() });
    if (!edge.stdin.write(`${line}\n`)) await once(edge.stdin, 'drain');
  }
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const status = readFileSync(`/proc/${edge.pid}/status`, 'utf8');
  const megabytes = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1_024;
  const measured = { residentMb: megabytes('VmRSS'), peakMb: megabytes('VmHWM') };
  edge.stdin.end();
  await once(edge, 'exit');
  return measured;
}

const HOUR_FRAMES = 7_200;
const SETTLE_MS = 3_000;

const SURROUNDINGS: RoleSurroundings = {
  environment: {},
  clock: { now: () => Date.now() as Instant },
  chance: Math.random,
  stdin: process.stdin,
  out: () => undefined,
  err: () => undefined,
  fault: () => undefined,
  report: () => undefined,
  stopRequested: new Promise(() => undefined),
};
