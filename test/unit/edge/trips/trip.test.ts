import { describe, expect, test } from 'vitest';
import {
  addFix,
  addSilence,
  DEPARTURE_FIXES,
  DWELL_MS,
  NO_TRIP,
  STAND_RADIUS_M,
  STOP_MS,
  TRIP_POINTS_MAX,
  type Trip,
  type TripState,
} from '../../../../edge/trips/trip.ts';
import { distanceM } from '../../../../proto/geo/distance.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { later, MORNING } from '../../../support/edge/candidates.ts';
import { fixesOf } from '../../../support/edge/itinerary.ts';
import { positionAt, type Spot } from '../../../support/edge/map.ts';
import { seededChance } from '../../../support/edge/seeded.ts';
import { tripsOf } from '../../../support/edge/trips.ts';

const MINUTE_MS = 60_000;
const home: Spot = [1_000, 1_000];
const work: Spot = [16_000, 9_000];
const shop: Spot = [22_000, 1_000];
const journey = { from: home, at: MORNING };
const parked = [60, 200] as const;

/** How far an end of a trip is from where it should be, metres. */
function offM(trip: Trip | undefined, index: 0 | -1, spot: Spot): number {
  const point = trip?.points.at(index);
  return point === undefined ? Number.NaN : distanceM(point.position, positionAt(spot));
}

describe('trip ends', () => {
  test('a stop of 10 minutes is two trip ends, not a pause', () => {
    const fixes = fixesOf(journey, [{ go: work }, { waitMs: STOP_MS + 10_000 }, { go: shop }]);
    const [first, second, ...more] = tripsOf(fixes);
    expect(more).toEqual([]);
    expect(
      [offM(first, 0, home), offM(first, -1, work), offM(second, 0, work), offM(second, -1, shop)].every((m) => m < 1),
    ).toBe(true);
  });

  test('a stop of 9 minutes is a pause', () => {
    const [trip, ...more] = tripsOf(fixesOf(journey, [{ go: work }, { waitMs: 9 * MINUTE_MS }, { go: shop }]));
    expect(more).toEqual([]);
    expect([offM(trip, 0, home), offM(trip, -1, shop)].every((m) => m < 1)).toBe(true);
  });

  test.each([
    ['10 minutes of silence end a trip', STOP_MS, 2],
    ['a second less does not', STOP_MS - 1_000, 1],
  ])('%s', (_, silentMs, expected) => {
    expect(tripsOf(fixesOf(journey, [{ go: work }, { silentMs }, { go: shop }]))).toHaveLength(expected);
  });

  test('silence is known from the clock alone, at 10 minutes and not before', () => {
    const fixes = fixesOf(journey, [{ go: work }]);
    const state = fixes.reduce<TripState>((before, fix) => addFix(before, fix).state, NO_TRIP);
    const last = fixes.at(-1)?.at as Instant;
    expect(addSilence(state, later(last, STOP_MS - 1)).ended).toBeUndefined();
    expect(addSilence(state, later(last, STOP_MS)).ended?.points.at(-1)?.at).toBe(last);
    expect(addSilence(NO_TRIP, last).ended).toBeUndefined();
  });

  test('nothing ends while a drive goes on', () => {
    let state = NO_TRIP;
    for (const fix of fixesOf(journey, [{ go: work }, { waitMs: DWELL_MS }, { go: shop }, { go: home }])) {
      const step = addFix(state, fix);
      expect(step.ended).toBeUndefined();
      state = step.state;
    }
  });

  test('an arrival is where the vehicle stands, not where it came near', () => {
    for (const intervalMs of [1_000, 10_000, 25_000]) {
      for (const waitMs of [0, 4 * MINUTE_MS, 8 * MINUTE_MS, 25 * MINUTE_MS]) {
        const [trip] = tripsOf(fixesOf({ ...journey, intervalMs }, [{ go: work }, { waitMs }]));
        expect(offM(trip, -1, work), `${intervalMs} ${waitMs}`).toBeLessThan(1);
      }
    }
  });

  test('a vehicle that stood long before it left, left when it left', () => {
    const [trip] = tripsOf(fixesOf(journey, [{ waitMs: 59 * MINUTE_MS }, { go: work }]));
    const seconds = ((trip?.points[0]?.at ?? 0) - MORNING) / 1_000;
    expect(seconds).toBeGreaterThan(58.5 * 60);
    expect(seconds).toBeLessThan(60.5 * 60);
    expect(offM(trip, 0, home)).toBeLessThan(1);
  });

  test('a vehicle that stands before its receiver falls silent had arrived when it stood', () => {
    const drive = fixesOf(journey, [{ go: work }]);
    const [trip] = tripsOf(fixesOf(journey, [{ go: work }, { waitMs: 8 * MINUTE_MS }]));
    const arrived = drive.at(-1)?.at ?? 0;
    expect(Math.abs((trip?.points.at(-1)?.at ?? 0) - arrived)).toBeLessThan(MINUTE_MS);
  });
});

describe('what is no drive', () => {
  test.each([1, 2, 3, 4, 5, 6])(
    'parked car with jitter of 60-200 m reporting 10,000 times made no trip, seed %i',
    (seed) => {
      const chance = seededChance(seed);
      const fixes = fixesOf({ ...journey, chance }, [{ waitMs: 10_000 * 10_000, jitterM: parked }]);
      expect(fixes.length).toBeGreaterThan(10_000);
      expect(tripsOf(fixes)).toEqual([]);
    },
  );

  test('jitter before, at the end of and after a drive leaves one drive, its ends where they are and its length within 15 %', () => {
    const straightM = Math.hypot(15_000, 8_000);
    for (const seed of [1, 2, 3, 4, 5]) {
      for (const waitMs of [8 * MINUTE_MS, 3_600_000]) {
        const chance = seededChance(seed);
        const wait = { waitMs, jitterM: parked };
        const trips = tripsOf(fixesOf({ ...journey, chance }, [wait, { go: work }, wait]));
        expect(trips).toHaveLength(1);
        expect(offM(trips[0], 0, home)).toBeLessThanOrEqual(200.5);
        expect(offM(trips[0], -1, work)).toBeLessThanOrEqual(200.5);
        expect(Math.abs((trips[0]?.distanceM ?? 0) / straightM - 1)).toBeLessThan(0.15);
      }
    }
  });

  test('a stand of 8 minutes on the way adds no distance, and its points are cut out', () => {
    const straightM = Math.hypot(15_000, 8_000) + Math.hypot(6_000, 8_000);
    const wait = { waitMs: 8 * MINUTE_MS, jitterM: [0, 20] as const };
    const [trip] = tripsOf(fixesOf({ ...journey, chance: seededChance(9) }, [{ go: work }, wait, { go: shop }]));
    expect(Math.abs((trip?.distanceM ?? 0) / straightM - 1)).toBeLessThan(0.03);
    const near = trip?.points.filter(({ position }) => distanceM(position, positionAt(work)) < 100) ?? [];
    expect(near.length).toBeLessThanOrEqual(1);
  });

  test('a car that never leaves its place made no trip, one that does made one', () => {
    const reach = (metres: number) =>
      tripsOf(fixesOf(journey, [{ go: [1_000 + metres, 1_000] }, { waitMs: MINUTE_MS }, { go: home }]));
    expect(reach(STAND_RADIUS_M - 5)).toEqual([]);
    expect(reach(STAND_RADIUS_M + 5)).toHaveLength(1);
  });

  test('a receiver that strays for two fixes made no trip, however far; three in a row are a departure', () => {
    const stray = (count: number) => {
      const fixes = fixesOf(journey, [{ waitMs: 15 * MINUTE_MS }]);
      return tripsOf(
        fixes.map((fix, index) => (index >= 20 && index < 20 + count ? { ...fix, position: positionAt(shop) } : fix)),
      );
    };
    expect([stray(1), stray(2)]).toEqual([[], []]);
    expect(stray(DEPARTURE_FIXES)).toHaveLength(1);
  });

  test.each([1, 2, 3])(
    'parked car with the jitter measured on real ones, tails and all, is next to never on a trip, seed %i',
    (seed) => {
      // Median 60 m and 95 % within 235 m, as a logarithmic normal: one fix in a hundred lies beyond 400 m, three of 10,000 beyond 1 km.
      const chance = seededChance(seed);
      const normal = () => Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance());
      const fixes = Array.from({ length: 10_000 }, (_, index) => {
        const [offMetres, angle] = [60 * Math.exp(0.83 * normal()), 2 * Math.PI * chance()];
        const spot: Spot = [offMetres * Math.cos(angle), offMetres * Math.sin(angle)];
        return { at: later(MORNING, index * 10_000), position: positionAt(spot) };
      });
      expect(tripsOf(fixes).length).toBeLessThanOrEqual(2);
    },
  );

  test('a receiver that strays on its last fix before it falls silent does not move the end of the trip', () => {
    const stand = fixesOf(journey, [{ go: work }, { waitMs: 7 * MINUTE_MS }]);
    const last = { at: later(stand.at(-1)?.at as Instant, 10_000), position: positionAt(shop) };
    const [trip, ...more] = tripsOf([...stand, last]);
    expect(more).toEqual([]);
    expect(offM(trip, -1, work)).toBeLessThan(1);
  });

  test('a single fix, none at all, and the same fix again made no trip', () => {
    const [fix] = fixesOf(journey, []);
    expect(tripsOf([])).toEqual([]);
    expect(tripsOf(fix === undefined ? [] : [fix, fix, fix])).toEqual([]);
  });
});

describe('bad clocks and long drives', () => {
  test('a fix that is not younger than the last is left out', () => {
    const fixes = fixesOf(journey, [{ go: work }]);
    const stray = { at: later(MORNING, 5), position: positionAt([200_000, 0]) };
    const [trip] = tripsOf([...fixes, stray]);
    expect(trip?.points.some(({ position }) => position === stray.position)).toBe(false);
    expect(trip?.distanceM).toBeLessThan(20_000);
  });

  test('a drive longer than the buffer is known by its ends and its length, and says it is not whole', () => {
    const fixes: { at: Instant; position: ReturnType<typeof positionAt> }[] = [];
    const count = TRIP_POINTS_MAX + 5_000;
    for (let index = 0; index < count; index += 1) {
      fixes.push({
        at: later(MORNING, index * 1_000),
        position: positionAt([20 * (index % 2_000), 15 * Math.floor(index / 2_000)]),
      });
    }
    const wait = fixesOf({ from: [0, 3_000], at: later(MORNING, count * 1_000) }, [
      { waitMs: 11 * MINUTE_MS },
      { go: [9_000, 3_000] },
    ]);
    const [long, next, ...more] = tripsOf([...fixes, ...wait]);
    expect(more).toEqual([]);
    expect([long?.isWhole, next?.isWhole]).toEqual([false, true]);
    expect(long?.points.length).toBeLessThanOrEqual(TRIP_POINTS_MAX + 1);
    expect(offM(long, -1, [0, 3_000])).toBeLessThan(1);
    expect(long?.distanceM).toBeGreaterThan(600_000);
  });

  test('a drive that exactly fills the buffer is whole', () => {
    const fixes = Array.from({ length: TRIP_POINTS_MAX }, (_, index) => {
      return { at: later(MORNING, index * 1_000), position: positionAt([10 * (index % 4_000), 0]) };
    });
    expect(tripsOf(fixes).map(({ isWhole }) => isWhole)).toEqual([true]);
  });
});
