import { expect, test } from 'vitest';
import { planFleet } from '../../../firmware-sim/fleet.ts';
import { later } from '../../../firmware-sim/paced-frame.ts';
import { TAIL_MS, TAIL_STEP_MS, traceFrames } from '../../../firmware-sim/replay.ts';
import { PATHS } from '../../../firmware-sim/signals.ts';
import { CLOCK_INTERVAL_MS } from '../../../firmware-sim/synthetic.ts';
import type { Trace } from '../../../firmware-sim/traces.ts';
import { DAY_MS } from '../../../proto/words/time.ts';
import { instant } from './run-virtually.ts';

const START = instant('2020-07-18T01:00:00Z');

/** Northwards at 10 m/s, one point at each of the given seconds. */
function traceAt(seconds: readonly number[]): Trace {
  return {
    source: 'made.csv#1',
    at: seconds.map((second) => later(START, second * 1_000)),
    latitude: seconds.map((second) => 31 + (second * 10) / 111_195),
    longitude: seconds.map(() => 110),
    altitudeM: seconds.map((_, index) => (index === 0 ? 12.345 : Number.NaN)),
  };
}

function replay(trace: Trace, seed = 's') {
  const [plan] = planFleet({ vehicles: 1, seed, traces: [trace] });
  if (plan === undefined) throw new Error('a fleet of one has a vehicle');
  return [...traceFrames(seed, plan, trace)];
}

test('each point is a fix with its own time and exactly its coordinates', () => {
  const trace = traceAt([0, 1, 2]);
  const fixes = replay(trace).flatMap(({ frame }) => (frame.kind === 'fix' ? [frame] : []));
  expect(fixes.map(({ at }) => at)).toEqual(trace.at);
  expect(fixes.map(({ latitude }) => latitude)).toEqual(trace.latitude);
  expect(fixes.map(({ longitude }) => longitude)).toEqual(trace.longitude);
  expect(fixes[0]?.altitudeM).toBe(12.3);
  expect(fixes[1]).not.toHaveProperty('altitudeM');
});

test('signals come every ten seconds at most and agree with the motion', () => {
  const frames = replay(traceAt(Array.from({ length: 61 }, (_, second) => second)));
  const signals = frames.flatMap(({ frame }) => (frame.kind === 'signals' ? [frame] : []));
  expect(signals.map(({ at }) => at - START)).toEqual([0, 10, 20, 30, 40, 50, 60].map((second) => second * 1_000));
  const [first, second] = [signals[1]?.signals, signals[2]?.signals];
  expect(first?.[PATHS.speed]).toBeCloseTo(36, 0);
  expect(Number(second?.[PATHS.distance]) - Number(first?.[PATHS.distance])).toBeCloseTo(100, -1);
  expect(Number(first?.[PATHS.current])).toBeLessThan(0);
});

test('a gap holds a clock frame each ten minutes and no speed is invented for it', () => {
  const frames = replay(traceAt([0, 3_600]));
  const gap = frames.filter(({ frame }) => frame.kind === 'clock' && frame.at <= later(START, 3_600_000));
  expect(gap.map(({ frame }) => [frame.kind, frame.at - START])).toEqual(
    [1, 2, 3, 4, 5].map((step) => ['clock', step * CLOCK_INTERVAL_MS]),
  );
  const after = frames.find(({ frame }) => frame.kind === 'signals' && frame.at > START)?.frame;
  expect(after?.kind === 'signals' && after.signals[PATHS.speed]).toBe(0);
});

test('a gap of years stays bounded', () => {
  const clocks = replay(traceAt([0, 10 * 365 * 86_400])).filter(({ frame }) => frame.kind === 'clock');
  expect(clocks.length).toBeLessThan(4_500);
});

test('after the last point the clock goes on for 36 hours in steps of an hour', () => {
  const trace = traceAt([0, 1]);
  const tail = replay(trace).filter(({ frame }) => frame.at > later(START, 1_000));
  expect(tail.map(({ frame }) => frame.at - START - 1_000)).toEqual(
    Array.from({ length: TAIL_MS / TAIL_STEP_MS }, (_, step) => (step + 1) * TAIL_STEP_MS),
  );
  expect(TAIL_MS).toBe(1.5 * DAY_MS);
});

test('what belongs to a point is due with it, whatever the gap before it', () => {
  const due = replay(traceAt([0, 1, 86_400])).map((paced) => [paced.due, paced.frame.kind]);
  expect(due.filter(([, kind]) => kind === 'fix').map(([at]) => at)).toEqual([0, 1, 2]);
  expect(due.filter(([at]) => at === 3)).toHaveLength(36);
});

test('a standing night of a trace fills its battery', () => {
  const night = { ...traceAt([0, 10, 20, 40_000]), latitude: [31, 31.001, 31.002, 31.002] };
  const soc = replay(night).flatMap(({ frame }) =>
    frame.kind === 'signals' ? [Number(frame.signals[PATHS.soc])] : [],
  );
  expect(soc.at(-1)).toBeGreaterThanOrEqual(Number(soc[0]));
});

test('the same seed gives the same frames, another seed another battery', () => {
  const trace = traceAt([0, 10, 20]);
  expect(replay(trace)).toEqual(replay(trace));
  expect(replay(trace, 'other')).not.toEqual(replay(trace));
});
