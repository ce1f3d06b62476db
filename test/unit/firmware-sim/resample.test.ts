import { expect, test } from 'vitest';
import { resample } from '../../../firmware-sim/resample.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { WALL_START } from './run-virtually.ts';

const trace = (points: readonly (readonly [seconds: number, latitude: number])[]) => ({
  source: 'test',
  at: points.map(([seconds]) => (WALL_START + seconds * 1_000) as Instant),
  latitude: points.map(([, latitude]) => latitude),
  longitude: points.map(() => 110),
  altitudeM: points.map(() => Number.NaN),
});
const sampled = (points: readonly (readonly [number, number])[], seconds: number) => {
  const { at, latitude } = resample(trace(points), { everyMs: seconds * 1_000 });
  return at.map((time, index) => [(time - WALL_START) / 1_000, latitude[index]]);
};

test('points come at even times, on the line between those recorded', () => {
  expect(
    sampled(
      [
        [0, 30],
        [4, 30.04],
        [10, 30.1],
        [12, 30.2],
      ],
      5,
    ),
  ).toEqual([
    [0, 30],
    [5, 30.05],
    [10, 30.1],
  ]);
  expect(
    sampled(
      [
        [0, 30],
        [60, 30.6],
      ],
      20,
    ),
  ).toEqual([
    [0, 30],
    [20, 30.2],
    [40, 30.4],
    [60, 30.6],
  ]);
});

test('nothing is made up over a silence, and after it the first point stays as it is', () => {
  expect(
    sampled(
      [
        [0, 30],
        [600, 31],
        [610, 31.1],
      ],
      5,
    ),
  ).toEqual([
    [0, 30],
    [600, 31],
    [605, 31.05],
    [610, 31.1],
  ]);
});

test('a shift moves times and nothing else', () => {
  const one = trace([
    [0, 30],
    [10, 30.1],
  ]);
  expect(resample(one, { shiftMs: -3_600_000 })).toEqual({ ...one, at: one.at.map((at) => at - 3_600_000) });
  expect(resample(one, {})).toEqual(one);
});
