import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planFleet } from '../../firmware-sim/fleet.ts';
import { traceFrames } from '../../firmware-sim/replay.ts';
import type { Trace } from '../../firmware-sim/traces.ts';
import type { Instant } from '../../proto/words/time.ts';

const point = fc.record({
  waitS: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 400_000 })),
  latitude: fc.double({ min: -90, max: 90, noNaN: true }),
  longitude: fc.double({ min: -180, max: 180, noNaN: true }),
});

const traces = fc.array(point, { minLength: 1, maxLength: 60 }).map((points): Trace => {
  let at = Date.UTC(2009, 0, 1);
  return {
    source: 'any.csv#1',
    at: points.map(({ waitS }) => {
      at += waitS * 1_000;
      return at as Instant;
    }),
    latitude: points.map(({ latitude }) => latitude),
    longitude: points.map(({ longitude }) => longitude),
    altitudeM: points.map(() => Number.NaN),
  };
});

function replay(trace: Trace) {
  const [plan] = planFleet({ vehicles: 1, seed: 'p', traces: [trace] });
  if (plan === undefined) throw new Error('a fleet of one has a vehicle');
  return [...traceFrames('p', plan, trace)];
}

test('no replay goes back in time or in its points, wherever and however it jumps', () => {
  fc.assert(
    fc.property(traces, (trace) => {
      const frames = replay(trace);
      const backwards = frames.filter(({ due, frame }, index) => {
        const before = frames[index - 1];
        return before !== undefined && (frame.at < before.frame.at || due < before.due);
      });
      expect(backwards).toEqual([]);
    }),
  );
});

test('every point of a trace is replayed once, unchanged', () => {
  fc.assert(
    fc.property(traces, (trace) => {
      const fixes = replay(trace).flatMap(({ frame }) => (frame.kind === 'fix' ? [frame] : []));
      expect(fixes.map(({ at }) => at)).toEqual(trace.at);
      expect(fixes.map(({ latitude }) => latitude)).toEqual(trace.latitude);
      expect(fixes.map(({ longitude }) => longitude)).toEqual(trace.longitude);
    }),
  );
});

test('every number a replay writes is a number that JSON has', () => {
  fc.assert(
    fc.property(traces, (trace) => {
      for (const { frame } of replay(trace)) {
        if (frame.kind !== 'signals') continue;
        for (const value of Object.values(frame.signals))
          if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
      }
    }),
  );
});
