import { expect, test } from 'vitest';
import { later, type PacedFrame } from '../../../firmware-sim/paced-frame.ts';
import {
  PASSED_FRAMES_MAX,
  ROUND_FRAMES_MAX,
  startRun,
  syntheticPace,
  tracePace,
  unpaced,
} from '../../../firmware-sim/vehicle-run.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { WALL_START } from './run-virtually.ts';

/** A clock frame each minute from `fromMinute` (relative to the wall start) on. */
function minutes(fromMinute: number, count: number): Iterator<PacedFrame, void> {
  const frames = Array.from({ length: count }, (_, index): PacedFrame => {
    const at = later(WALL_START, (fromMinute + index) * 60_000);
    return { due: at, frame: { kind: 'clock', at } };
  });
  return frames.values() as Iterator<PacedFrame, void>;
}

const synthetic = (speed: number) => (firstDue: number) => syntheticPace(WALL_START, speed, firstDue);

function collect(run: ReturnType<typeof startRun>, wallMs: number): readonly number[] {
  const taken: Instant[] = [];
  run.advance(later(WALL_START, wallMs), ({ at }) => taken.push(at) > 0);
  return taken.map((at) => (at - WALL_START) / 60_000);
}

test('a drive in the past runs at its speed, then at that of the clock', () => {
  const run = startRun(minutes(-60, 100), synthetic(60), undefined);
  expect(collect(run, 0)).toEqual([-60]);
  expect(collect(run, 2_000)).toEqual([-59, -58]);
  // Sixty seconds of wall time are an hour of the drive: it is back where the run began, and nearly at the present.
  expect(collect(run, 60_000).at(-1)).toBe(0);
  expect(collect(run, 62_000)).toEqual([1]);
  expect(run.clock()).toBe(later(WALL_START, 60_000));
  expect(collect(run, 119_999)).toEqual([]);
  expect(collect(run, 179_999)).toEqual([2]);
});

test('nothing is sent before its time, even without a pace', () => {
  const run = startRun(minutes(0, 5), unpaced, undefined);
  expect(collect(run, 60_000)).toEqual([0, 1]);
  expect(run.isIdle(later(WALL_START, 60_000))).toBe(true);
  expect(run.isIdle(later(WALL_START, 120_000))).toBe(false);
});

test('a trace is spread by its points', () => {
  const points = Array.from(
    { length: 12 },
    (_, due): PacedFrame => ({ due, frame: { kind: 'clock', at: later(WALL_START, due - 1e9) } }),
  );
  const frames = points.values() as Iterator<PacedFrame, void>;
  const run = startRun(frames, (firstDue) => tracePace(WALL_START, 12 / 12_000, firstDue), undefined);
  expect(collect(run, 0)).toHaveLength(1);
  expect(collect(run, 5_999)).toHaveLength(5);
  expect(collect(run, 12_000)).toHaveLength(6);
});

test('a frame that is not taken is offered again, and the clock stands', () => {
  const run = startRun(minutes(-2, 2), unpaced, undefined);
  expect(run.advance(WALL_START, () => false)).toBe(0);
  expect(run.clock()).toBeUndefined();
  expect(collect(run, 0)).toEqual([-2, -1]);
});

test('one round is bounded', () => {
  const run = startRun(minutes(-2_000, 2_000), unpaced, undefined);
  expect(collect(run, 0)).toHaveLength(ROUND_FRAMES_MAX);
});

test('a run goes on after the instant it had come to', () => {
  const run = startRun(minutes(-10, 20), unpaced, later(WALL_START, -5 * 60_000));
  expect(run.clock()).toBe(later(WALL_START, -5 * 60_000));
  expect(collect(run, 0)).toEqual([-4, -3, -2, -1, 0]);
});

test('a run with nothing left is idle, one with a long past is not and gets over it piece by piece', () => {
  const over = startRun(minutes(-10, 5), unpaced, WALL_START);
  expect(collect(over, 0)).toEqual([]);
  expect(over.isIdle(WALL_START)).toBe(true);

  const long = startRun(minutes(-PASSED_FRAMES_MAX - 2, PASSED_FRAMES_MAX + 4), unpaced, later(WALL_START, -60_000));
  expect(collect(long, 0)).toEqual([]);
  expect(long.isIdle(WALL_START)).toBe(false);
  expect(collect(long, 0)).toEqual([0]);
});
