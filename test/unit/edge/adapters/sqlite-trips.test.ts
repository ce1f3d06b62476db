import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openAgentDatabase } from '../../../../edge/adapters/sqlite-state.ts';
import { sqliteTrips, TRIP_WRITE_INTERVAL_MS } from '../../../../edge/adapters/sqlite-trips.ts';
import { addFix, addSilence, NO_TRIP, STOP_MS, type TripState } from '../../../../edge/trips/trip.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { later, MORNING } from '../../../support/edge/candidates.ts';
import { openDatabase } from '../../../support/edge/databases.ts';
import { fixesOf } from '../../../support/edge/itinerary.ts';
import { positionAt, type Spot } from '../../../support/edge/map.ts';
import { seededChance } from '../../../support/edge/seeded.ts';
import { tempDirectory } from '../../../support/edge/temp-directory.ts';
import { tripsOf } from '../../../support/edge/trips.ts';

const home: Spot = [1_000, 1_000];
const work: Spot = [16_000, 9_000];
const parked = positionAt(home);

/** A stand with jitter, a drive with a wait and a stray on the way, a stand. */
function dayOf(seed: number) {
  const chance = seededChance(seed);
  const wait = { waitMs: 420_000, jitterM: [0, 150] as const };
  const fixes = fixesOf({ from: home, at: MORNING, chance }, [wait, { go: [8_000, 1_000] }, wait, { go: work }, wait]);
  return fixes.map((fix, index) => (index === 150 ? { ...fix, position: positionAt([60_000, 0]) } : fix));
}

/** Rows written to any table so far. */
const changesOf = (database: ReturnType<typeof openDatabase>): number =>
  (database.prepare('SELECT total_changes() AS count').get() as { count: number }).count;

describe('a power cut', () => {
  test('at any fix costs a minute of the trip at most, and nothing when the last minute was written', () => {
    const fixes = dayOf(1);
    const [whole] = tripsOf(fixes);
    for (let cut = 3; cut < fixes.length; cut += 23) {
      const file = join(tempDirectory(), 'agent.db');
      const before = openAgentDatabase(file);
      const first = sqliteTrips(before);
      let state: TripState = NO_TRIP;
      for (const fix of fixes.slice(0, cut)) {
        state = addFix(state, fix).state;
        first.keep('tour/1', { state, parked });
        first.commit();
      }
      before.close();
      const database = openAgentDatabase(file);
      const again = sqliteTrips(database).recall('tour/1');
      expect(again.parked).toEqual(parked);
      const last = fixes[cut - 1]?.at ?? 0;
      const known = again.state?.strays.at(-1)?.at ?? again.state?.last.at ?? 0;
      expect(last - known).toBeLessThan(TRIP_WRITE_INTERVAL_MS);
      // With what came since the last write handed in once more, the trip is the one that was never cut.
      state = again.state;
      for (const fix of fixes) state = addFix(state, fix).state;
      const { ended } = addSilence(state, later(fixes.at(-1)?.at as Instant, STOP_MS));
      expect(ended).toEqual(whole);
      database.close();
    }
  });

  test('does not bring back a trip that has ended', () => {
    const database = openDatabase();
    const trips = sqliteTrips(database);
    trips.keep('tour/1', { state: addFix(NO_TRIP, { at: MORNING, position: parked }).state, parked: undefined });
    trips.commit();
    trips.keep('tour/1', { state: NO_TRIP, parked });
    trips.commit();
    expect(sqliteTrips(database).recall('tour/1')).toEqual({ state: NO_TRIP, parked });
    expect(database.prepare('SELECT count(*) AS count FROM trip_point').get()).toEqual({ count: 0 });
  });
});

test('what was driven under one policy is not recalled under another; where the vehicle stands is', () => {
  const database = openDatabase();
  const trips = sqliteTrips(database);
  const { state } = addFix(NO_TRIP, { at: MORNING, position: parked });
  trips.keep('tour/1', { state, parked });
  trips.commit();
  for (const memory of [trips, sqliteTrips(database)]) {
    expect(memory.recall('tour/1').state).toEqual(state);
    expect(memory.recall('tour/2')).toEqual({ state: undefined, parked });
  }
});

test('writes are bounded: a day of driving at 1 Hz writes its points once, and the header once a minute', () => {
  const database = openDatabase();
  const trips = sqliteTrips(database);
  const fixes = fixesOf({ from: home, at: MORNING, intervalMs: 1_000 }, [{ go: [200_000, 1_000], speedMps: 20 }]);
  let state: TripState = NO_TRIP;
  const before = changesOf(database);
  for (const fix of fixes) {
    state = addFix(state, fix).state;
    trips.keep('tour/1', { state, parked });
    for (let flush = 0; flush < 2; flush += 1) trips.commit();
  }
  const minutes = fixes.length / 60;
  expect(changesOf(database) - before).toBeLessThanOrEqual(fixes.length + 2 * (minutes + 2));
});

test.each([
  ['nothing', 'DELETE FROM trip'],
  ['no JSON', "UPDATE trip SET header = 'x'"],
  ['JSON of something else', "UPDATE trip SET header = '[]'"],
  ['half a header', `UPDATE trip SET header = '{"policy":"tour/1","parked":null,"open":{}}'`],
])('a file that holds %s recalls nothing, and does not throw', (_, sql) => {
  const database = openDatabase();
  const trips = sqliteTrips(database);
  trips.keep('tour/1', { state: addFix(NO_TRIP, { at: MORNING, position: parked }).state, parked });
  trips.commit();
  database.exec(sql);
  expect(sqliteTrips(database).recall('tour/1')).toEqual({ state: undefined, parked: undefined });
});

test('a disk that is full stops nothing, and the next commit writes what this one could not', () => {
  const database = openDatabase();
  const trips = sqliteTrips(database);
  database.pragma('query_only = ON');
  trips.keep('tour/1', { state: NO_TRIP, parked });
  trips.commit();
  database.pragma('query_only = OFF');
  trips.commit();
  expect(sqliteTrips(database).recall('tour/1').parked).toEqual(parked);
});
