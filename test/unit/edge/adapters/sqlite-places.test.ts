import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sqlitePlaces } from '../../../../edge/adapters/sqlite-places.ts';
import { openAgentDatabase } from '../../../../edge/adapters/sqlite-state.ts';
import { PLACES_MAX } from '../../../../edge/trips/places.ts';
import { FLEET } from '../../../../edge/trips/publish-cells.ts';
import { openDatabase } from '../../../support/edge/databases.ts';
import { positionAt } from '../../../support/edge/map.ts';
import { seededChance } from '../../../support/edge/seeded.ts';
import { tempDirectory } from '../../../support/edge/temp-directory.ts';

/** Margins as the agent draws them, and how often it did. */
function draws(seed: number) {
  const chance = seededChance(seed);
  const drawn: number[] = [];
  const draw = (): number => {
    const margin = chance() * FLEET.marginMaxM;
    drawn.push(margin);
    return margin;
  };
  return { draw, drawn };
}

describe('place memory', () => {
  test('a margin is drawn once for a place, and kept: 10,000 visits within 200 m of the door tell one margin', () => {
    const { draw, drawn } = draws(1);
    const places = sqlitePlaces(openDatabase(), draw);
    const chance = seededChance(2);
    const margins = new Set<number | undefined>();
    for (let visit = 0; visit < 10_000; visit += 1) {
      const [offM, angle] = [200 * chance(), 2 * Math.PI * chance()];
      margins.add(places.marginAt(positionAt([offM * Math.cos(angle), offM * Math.sin(angle)])));
    }
    expect(margins.size).toBe(1);
    expect(drawn).toHaveLength(1);
  });

  test('a margin is kept across restarts, and no margin is drawn again for a known place', () => {
    const file = join(tempDirectory(), 'agent.db');
    const spots = [positionAt([0, 0]), positionAt([2_000, 0]), positionAt([0, 5_000])];
    const before = openAgentDatabase(file);
    const first = sqlitePlaces(before, draws(1).draw);
    const margins = spots.map((spot) => first.marginAt(spot));
    before.close();
    for (let restart = 0; restart < 3; restart += 1) {
      const database = openAgentDatabase(file);
      const { draw, drawn } = draws(100 + restart);
      const again = sqlitePlaces(database, draw);
      expect(spots.map((spot) => again.marginAt(spot))).toEqual(margins);
      expect(drawn).toEqual([]);
      database.close();
    }
    expect(new Set(margins).size).toBe(3);
  });

  test('two vehicles draw apart for the same place', () => {
    const [one, other] = [1, 2].map((seed) => sqlitePlaces(openDatabase(), draws(seed).draw));
    expect(one?.marginAt(positionAt([0, 0]))).not.toBe(other?.marginAt(positionAt([0, 0])));
  });

  test('a place that cannot be remembered has no margin, and is asked for again later', () => {
    const database = openDatabase();
    const { draw, drawn } = draws(1);
    const places = sqlitePlaces(database, draw);
    database.pragma('query_only = ON');
    expect(places.marginAt(positionAt([0, 0]))).toBeUndefined();
    expect(places.marginAt(positionAt([0, 0]))).toBeUndefined();
    database.pragma('query_only = OFF');
    const margin = places.marginAt(positionAt([0, 0]));
    expect(margin).toBe(Math.floor(drawn.at(-1) ?? Number.NaN));
    expect(places.marginAt(positionAt([50, 0]))).toBe(margin);
  });

  test('margins are whole metres below the largest', () => {
    const places = sqlitePlaces(openDatabase(), draws(3).draw);
    for (let index = 0; index < 50; index += 1) {
      const margin = places.marginAt(positionAt([1_000 * index, 0])) ?? -1;
      expect(Number.isInteger(margin) && margin >= 0 && margin < FLEET.marginMaxM).toBe(true);
    }
  });

  test('a full memory gives no margin for a new place and still knows the old ones', () => {
    const database = openDatabase();
    const insert = database.prepare('INSERT INTO place (latitude, longitude, margin_m) VALUES (?, ?, ?)');
    const old = positionAt([0, 0]);
    database.transaction(() => {
      for (let index = 1; index < PLACES_MAX; index += 1) insert.run(20_000_000 + index * 3_000, 80_000_000, 5);
      insert.run(old.latitudeMicrodeg, old.longitudeMicrodeg, 77);
    })();
    const places = sqlitePlaces(database, () => 1);
    expect([places.marginAt(old), places.marginAt(positionAt([3_000, 0]))]).toEqual([77, undefined]);
  });
});
