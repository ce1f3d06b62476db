import { runSim } from '../../../firmware-sim/main.ts';
import type { SimOptions, SimProgress } from '../../../firmware-sim/options.ts';
import { type Instant, parseInstant } from '../../../proto/words/time.ts';

/** One frame as it left the simulator, and the wall time at which it did. */
export interface SentFrame {
  readonly vehicle: string;
  readonly kind: string;
  readonly at: number;
  readonly sentAt: number;
  readonly [key: string]: unknown;
}

export interface VirtualRun {
  readonly exit: number;
  readonly text: string;
  readonly frames: readonly SentFrame[];
  readonly told: readonly string[];
  readonly progress: readonly SimProgress[];
  /** Wall time when it returned. */
  readonly endedAt: number;
}

/** Runs the simulator on a clock that moves only when it sleeps, for `wallMs` from `wallStart` on. */
export async function runVirtually(
  options: Partial<SimOptions>,
  { wallStart = WALL_START, wallMs = 60_000, onWrite = (_: readonly SentFrame[]) => {} } = {},
): Promise<VirtualRun> {
  let now = wallStart as number;
  let stop = () => {};
  const stopRequested = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const chunks: string[] = [];
  const frames: SentFrame[] = [];
  const told: string[] = [];
  const progress: SimProgress[] = [];
  const exit = await runSim(
    { seed: 'unit', traces: [], speed: 3_600, overSeconds: 12, ...options },
    {
      clock: { now: () => now as Instant },
      write: async (text) => {
        chunks.push(text);
        const sent = text
          .trimEnd()
          .split('\n')
          .map((line) => ({ ...parseLine(line), sentAt: now }));
        onWrite(sent);
        frames.push(...sent);
      },
      err: (line) => told.push(line),
      stopRequested,
      onProgress: (counts) => progress.push(counts),
      sleep: async (ms) => {
        now += Math.max(ms, 1);
        if (now - wallStart >= wallMs) stop();
      },
    },
  );
  return { exit, text: chunks.join(''), frames, told, progress, endedAt: now };
}

/** 2026-03-02 is a Monday. */
export const WALL_START = instant('2026-03-02T00:00:00+08:00');

export function instant(text: string): Instant {
  const at = parseInstant(text);
  if (!at.ok) throw new Error(`not an instant: ${text}`);
  return at.value;
}

function parseLine(line: string) {
  const frame = JSON.parse(line) as { vehicle: string; kind: string; at: string };
  return { ...frame, at: Date.parse(frame.at) };
}
