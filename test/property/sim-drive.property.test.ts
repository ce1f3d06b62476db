import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planFleet } from '../../firmware-sim/fleet.ts';
import { PATHS, SIGNALS_INTERVAL_MS } from '../../firmware-sim/signals.ts';
import { syntheticFrames } from '../../firmware-sim/synthetic.ts';
import { parsePosition } from '../../proto/words/position.ts';
import type { RawFrame } from '../../proto/words/raw-frame.ts';
import { DAY_MS, type Instant } from '../../proto/words/time.ts';

const drives = fc
  .record({
    seed: fc.string({ maxLength: 20 }),
    start: fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2029, 11, 31) }),
    days: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ seed, start, days }) => framesOf(seed, start as Instant, days));

function framesOf(seed: string, start: Instant, days: number): readonly RawFrame[] {
  const [plan] = planFleet({ vehicles: 1, seed, traces: [] });
  if (plan === undefined) throw new Error('a fleet of one has a vehicle');
  const frames: RawFrame[] = [];
  for (const { due, frame } of syntheticFrames(seed, plan, start)) {
    if (frame.at > start + days * DAY_MS) return frames;
    if (due !== frame.at) throw new Error('a synthetic frame is due at its own time');
    frames.push(frame);
  }
  return frames;
}

/**
 * Instants at which the vehicle was on a trip: its signals, unless it was charging. The report that ends a charge says that it
 * charges no more; it is one interval after one that said it did, and no trip.
 */
function tripsOf(frames: readonly RawFrame[]): readonly (readonly Instant[])[] {
  const reports = frames.flatMap((frame) => (frame.kind === 'signals' ? [frame] : []));
  const driving = reports.flatMap(({ at, signals }, index) => {
    const before = reports[index - 1];
    const endsCharge = before?.signals[PATHS.isCharging] === true && at - before.at === SIGNALS_INTERVAL_MS;
    return signals[PATHS.isCharging] === false && !endsCharge ? [at] : [];
  });
  const trips: Instant[][] = [];
  for (const [index, at] of driving.entries()) {
    const before = driving[index - 1];
    if (before === undefined || at - before > 10_000) trips.push([]);
    trips.at(-1)?.push(at);
  }
  return trips;
}

test('time never goes back, and never stands still for more than ten minutes', () => {
  fc.assert(
    fc.property(drives, (frames) => {
      const waitsMs = frames.slice(1).map((frame, index) => frame.at - (frames[index]?.at ?? 0));
      expect(Math.min(...waitsMs)).toBeGreaterThanOrEqual(0);
      // The last frame of a trip is up to one reporting interval older than the arrival.
      expect(Math.max(...waitsMs)).toBeLessThanOrEqual(10 * 60_000 + 10_000);
    }),
    { numRuns: 8 },
  );
});

test('every fix lies inside the bounds of the mainland', () => {
  fc.assert(
    fc.property(drives, (frames) => {
      const abroad = frames.filter(
        (frame) => frame.kind === 'fix' && !parsePosition(frame.latitude, frame.longitude).ok,
      );
      expect(abroad).toEqual([]);
    }),
    { numRuns: 8 },
  );
});

test('a vehicle stands ten minutes at least between two trips, and its trips are those of a region', () => {
  fc.assert(
    fc.property(drives, (frames) => {
      const trips = tripsOf(frames);
      for (const [index, trip] of trips.entries()) {
        const [first, last] = [trip[0] ?? 0, trip.at(-1) ?? 0];
        const before = trips[index - 1]?.at(-1);
        if (before !== undefined) expect(first - before).toBeGreaterThanOrEqual(10 * 60_000);
        expect(last - first).toBeLessThan(4 * 3_600_000);
      }
    }),
    { numRuns: 8 },
  );
});

test('speed, distance and charge agree: the odometer never falls, and nothing moves faster than the streets allow', () => {
  fc.assert(
    fc.property(drives, (frames) => {
      const signals = frames.flatMap((frame) => (frame.kind === 'signals' ? [frame.signals] : []));
      const column = (path: string) => signals.map((values) => Number(values[path]));
      const odometer = column(PATHS.distance);
      expect(odometer).toEqual(odometer.toSorted((a, b) => a - b));
      expect(Math.max(0, ...column(PATHS.speed))).toBeLessThanOrEqual(120);
      expect(Math.min(50, ...column(PATHS.soc))).toBeGreaterThan(0);
      expect(Math.max(50, ...column(PATHS.soc))).toBeLessThanOrEqual(100);
      const charging = signals.filter((values) => values[PATHS.isCharging] === true);
      expect(charging.filter((values) => Number(values[PATHS.current]) < 0 || values[PATHS.speed] !== 0)).toEqual([]);
    }),
    { numRuns: 8 },
  );
});
