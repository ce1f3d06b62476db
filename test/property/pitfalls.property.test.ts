import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groupTrips, RELEASE_VEHICLES_MIN } from '../../cloud/release/group-trips.ts';
import { placeMargins } from '../../edge/adapters/vehicle-secret.ts';
import { FLEET } from '../../edge/trips/publish-cells.ts';
import { POSITION_PRESETS, TAG_ROTATIONS } from '../../proto/codec/control-codec.ts';
import type { CellFrame } from '../../proto/codec/telemetry-codec.ts';
import { CELL_SIZES_M, cellOf } from '../../proto/geo/grid.ts';
import { PRESET_RULES } from '../../proto/words/position-rules.ts';
import { HOUR_MS, type Instant } from '../../proto/words/time.ts';
import { later, MORNING } from '../support/edge/candidates.ts';
import { fixesOf, type Part } from '../support/edge/itinerary.ts';
import { positionAt, type Spot } from '../support/edge/map.ts';
import { positionRig } from '../support/edge/position-rig.ts';
import { seededChance } from '../support/edge/seeded.ts';
import { tempDirectory } from '../support/edge/temp-directory.ts';

// Mistakes that were measured to leak, or are known to (docs/adr/0007, docs/adr/0026). Each test bears the name of one.

const fleet = POSITION_PRESETS.fleet;
const strictMap = POSITION_PRESETS['strict-map'];
const home: Spot = [2_500, 2_500];
const work: Spot = [32_500, 22_500];
const night: Part = { waitMs: 1_200_000, jitterM: [0, 60] };
const DAY = 24 * HOUR_MS;

const keyOf = ({ zone, row, column }: Pick<CellFrame, 'zone' | 'row' | 'column'>): string => `${zone}/${row}/${column}`;
const keysOf = (cells: readonly CellFrame[]): readonly string[] => [...new Set(cells.map(keyOf))].sort();

/** Stands at a place, drives by some others, stands. */
function journey(at: Instant, seed: number, ...[from = home, ...spots]: readonly Spot[]) {
  const ways = spots.map((go): Part => ({ go }));
  return fixesOf({ from, at, chance: seededChance(seed) }, [night, ...ways, night]);
}

describe('pitfalls', () => {
  test('fresh margin per trip: thirty journeys between two places bare what one bares, but for the jitter of its ends', () => {
    const rig = positionRig({ preset: fleet });
    const bared = new Set<string>();
    for (let day = 0; day < 30; day += 1) {
      const { cells } = rig.drive(journey(later(MORNING, day * DAY), day, home, work));
      for (const cell of cells) bared.add(keyOf(cell));
    }
    const once = positionRig({ preset: fleet }).drive(journey(MORNING, 500, home, work)).cells;
    expect(bared.size - keysOf(once).length).toBeLessThanOrEqual(1);
  });

  test('grid origin re-drawn: one origin for every vehicle, policy and start, and sizes that nest', () => {
    const spot = fc.tuple(fc.integer({ min: -90_000, max: 90_000 }), fc.integer({ min: -90_000, max: 90_000 }));
    fc.assert(
      fc.property(spot, (at) => {
        const [fine, coarse] = CELL_SIZES_M.map((sizeM) => cellOf(positionAt(at), sizeM));
        expect(Math.floor((fine?.row ?? 0) / 2)).toBe(coarse?.row);
      }),
    );
    const runs = [1, 2, 3].map((secret) => positionRig({ preset: fleet, secret, policy: { version: secret } }));
    const cells = runs.map((rig) => keysOf(rig.drive(journey(MORNING, 1, home, work)).cells));
    const inner = cells.map((keys) => keys.filter((key) => cells.every((other) => other.includes(key))));
    for (const keys of inner) expect(keys.length).toBeGreaterThanOrEqual(4);
  });

  test('a stop inside a trip is a trip end: nothing within trim of it is published, whichever trip passes', () => {
    const shop: Spot = [17_500, 12_500];
    const rig = positionRig({ preset: fleet });
    const way = fixesOf({ from: home, at: MORNING, chance: seededChance(4) }, [
      night,
      { go: shop },
      night,
      { go: work },
      night,
    ]);
    const { cells, rows } = rig.drive(way);
    expect(rows).toHaveLength(2);
    const { zone, row, column } = cellOf(positionAt(shop), FLEET.cellM);
    // The shop stands in the middle of its cell, 2.5 km from each edge, so the cell is crossed beyond the trim all the same.
    expect(cells.filter((cell) => keyOf(cell) === keyOf({ zone, row, column })).length).toBeLessThanOrEqual(2);
    const near: Spot = [15_600, 12_500];
    const nearer = positionRig({ preset: fleet }).drive(
      fixesOf({ from: home, at: MORNING }, [night, { go: [15_600, 2_500] }, { go: near }, night, { go: work }, night]),
    );
    expect(nearer.rows).toHaveLength(2);
  });

  test('dwell recognised only after minutes: of a stand over five minutes no later hour is published', () => {
    const start = (Math.floor(MORNING / HOUR_MS) * HOUR_MS) as Instant;
    // Arrives at 12 km in the last minutes of an hour, stands for eight minutes into the next, and drives home within it.
    const out = fixesOf({ from: home, at: start }, [night, { go: [17_500, 2_500] }]);
    const arrived = out.at(-1)?.at ?? start;
    const shift = later(start, 2 * HOUR_MS - 240_000 - (arrived - start));
    const way = fixesOf({ from: home, at: shift }, [
      night,
      { go: [17_500, 2_500] },
      { waitMs: 480_000 },
      { go: [32_500, 2_500] },
      night,
    ]);
    const { cells, rows } = positionRig({ preset: fleet }).drive(way);
    expect(rows).toHaveLength(1);
    const stand = keyOf(cellOf(positionAt([17_500, 2_500]), FLEET.cellM));
    const hours = cells.filter((cell) => keyOf(cell) === stand).map(({ hour }) => hour - start / HOUR_MS);
    expect(hours).toEqual([1, 2]);
    const early = cells.filter(({ hour }) => hour - start / HOUR_MS === 2).map(keyOf);
    expect(early).toContain(keyOf(cellOf(positionAt([27_500, 2_500]), FLEET.cellM)));
  });

  test('row order kept: cells come out by cell, the same for the way there and the way back', () => {
    for (const preset of [fleet, strictMap]) {
      const rig = positionRig({ preset });
      const there = rig.drive(journey(MORNING, 1, home, work)).cells;
      const back = rig.drive(journey(later(MORNING, DAY), 2, work, home)).cells;
      expect([...new Set(there.map(keyOf))]).toEqual([...new Set(back.map(keyOf))]);
    }
  });

  test('summary beside the cells: nothing joins a row with the cells of its trip', () => {
    const rig = positionRig({ preset: strictMap });
    const { candidates, rows } = rig.drive(journey(MORNING, 1, home, work));
    expect(Object.keys(rows[0] ?? {}).sort()).toEqual(['distanceClass', 'durationClass', 'kind', 'localDate']);
    const times = candidates.map(({ notBefore }) => notBefore);
    expect(new Set(times).size).toBe(times.length);
    expect(times).not.toContain(undefined);
  });

  test('rows counted instead of vehicles: a thousand rows of nine vehicles stay, one row of each of ten goes', () => {
    const content = { kind: 'trip', localDate: 20_200_718, distanceClass: 4, durationClass: 3 } as const;
    const rowsOf = (vehicles: number, each: number) =>
      Array.from({ length: vehicles * each }, (_, sequence) => {
        return { key: { deviceNumber: 1 + (sequence % vehicles), epoch: 1, sequence }, content };
      }) as Parameters<typeof groupTrips>[0] extends Iterable<infer Row> ? Row[] : never;
    expect(groupTrips(rowsOf(RELEASE_VEHICLES_MIN - 1, 111))).toEqual([]);
    expect(groupTrips(rowsOf(RELEASE_VEHICLES_MIN, 1))).toHaveLength(RELEASE_VEHICLES_MIN);
  });

  test('parked reports: ten thousand of them, over restarts and reinstallations, publish nothing', () => {
    let file = join(tempDirectory(), 'agent.db');
    const fixes = fixesOf({ from: home, at: MORNING, chance: seededChance(8) }, [
      { waitMs: 100_000_000, jitterM: [0, 199] },
    ]);
    expect(fixes.length).toBeGreaterThanOrEqual(10_000);
    for (let part = 0; part < 10; part += 1) {
      if (part === 5) file = join(tempDirectory(), 'again.db');
      const rig = positionRig({ preset: fleet, file, seed: part });
      expect(rig.drive(fixes.slice(part * 1_000, (part + 1) * 1_000)).candidates).toEqual([]);
      rig.cut();
    }
  });

  test('first trip starting at the first fix rather than the last parked place: a receiver that wakes up late bares nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000 }), fc.nat(), (lateM, seed) => {
        // Parked 100 m inside its cell, then the first fix of the day comes somewhere down the road, in the next cell.
        const door: Spot = [4_900, 2_500];
        const arrive = fixesOf({ from: [-20_000, 2_500], at: MORNING, chance: seededChance(seed) }, [
          night,
          { go: door },
        ]);
        const leave = fixesOf({ from: [4_900 + lateM, 2_500], at: later(MORNING, DAY) }, [{ go: work }, night]);
        const rig = positionRig({ preset: fleet });
        rig.drive(arrive);
        const { cells } = rig.drive(leave);
        const first = keyOf(cellOf(positionAt([5_500, 2_500]), FLEET.cellM));
        const bared = leave.filter(({ position }) => keyOf(cellOf(position, FLEET.cellM)) === first);
        expect(bared.length).toBeGreaterThan(0);
        expect(cells.length).toBeGreaterThan(0);
        const withinTrim = bared.every(({ position }) => distanceEast(position, door) <= FLEET.trimM);
        if (withinTrim) expect(cells.map(keyOf)).not.toContain(first);
      }),
      { numRuns: 12 },
    );
  });

  test('first trip after an installation: nothing is known of where it began, so it has a row and no cells', () => {
    const rig = positionRig({ preset: fleet });
    const midway = fixesOf({ from: [12_500, 2_500], at: MORNING }, [{ go: work }, night]);
    expect(rig.drive(midway)).toMatchObject({ cells: [], rows: [{ kind: 'trip' }] });
    const next = rig.drive(journey(later(MORNING, DAY), 1, work, home));
    expect(next.cells.length).toBeGreaterThan(0);
  });

  test('restart re-drawing margins: the trip goes on, and its cells are those of a vehicle that was never cut off', () => {
    const fixes = journey(MORNING, 3, home, work);
    const whole = positionRig({ preset: fleet }).drive(fixes);
    for (const at of [0.3, 0.5, 0.8]) {
      const file = join(tempDirectory(), 'agent.db');
      const cut = Math.floor(fixes.length * at);
      const before = positionRig({ preset: fleet, file, seed: 1 });
      expect(before.drive(fixes.slice(0, cut)).candidates).toEqual([]);
      before.cut();
      const after = positionRig({ preset: fleet, file, seed: 99 });
      const { cells, rows } = after.drive(fixes.slice(cut));
      expect({ cells, rows }).toEqual({ cells: whole.cells, rows: whole.rows });
    }
  });

  test('reinstallation re-drawing margins: a place keeps its margin, within what its jitter moves it, however often', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 255 }),
        fc.tuple(fc.nat(90_000), fc.nat(90_000)),
        (secret, [east, north]) => {
          const margins = placeMargins(new Uint8Array(32).fill(secret));
          const chance = seededChance(secret);
          const drawn = Array.from({ length: 30 }, () =>
            margins(positionAt([east + 60 * (chance() - 0.5), north + 60 * (chance() - 0.5)])),
          );
          expect(Math.max(...drawn) - Math.min(...drawn)).toBeLessThan(120);
          expect(drawn.every((margin) => margin >= 0 && margin < 1_000)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('margin from the place alone: two vehicles draw apart, and over places every margin is as likely as another', () => {
    const [one, other] = [1, 2].map((secret) => placeMargins(new Uint8Array(32).fill(secret)));
    const tenths = new Array<number>(10).fill(0);
    let alike = 0;
    for (let index = 0; index < 4_000; index += 1) {
      const spot = positionAt([(index % 64) * 1_340, Math.floor(index / 64) * 1_340]);
      const [a = 0, b = 0] = [one?.(spot), other?.(spot)];
      tenths[Math.floor(a / 100)] = (tenths[Math.floor(a / 100)] ?? 0) + 1;
      if (Math.abs(a - b) < 100) alike += 1;
    }
    for (const count of tenths) expect(Math.abs(count - 400)).toBeLessThan(160);
    expect(alike / 4_000).toBeLessThan(0.3);
  });

  test('tags changing mid-drive: one tag from stop to stop, another for the next trip', () => {
    const rig = positionRig({ preset: strictMap, policy: { tagRotation: TAG_ROTATIONS.trip } });
    const tagsOf = (cells: readonly CellFrame[]) => new Set(cells.map(({ subjectTag }) => subjectTag.join()));
    const late = later(MORNING, 13.5 * HOUR_MS);
    const trips = [rig.drive(journey(late, 1, home, work)), rig.drive(journey(later(late, DAY), 2, work, home))];
    const tags = trips.map(({ cells }) => tagsOf(cells));
    expect(tags.map(({ size }) => size)).toEqual([1, 1]);
    expect(tags[0]).not.toEqual(tags[1]);
    // Signals change theirs where a trip begins.
    const starts: (Instant | undefined)[] = [];
    const way = journey(later(late, 2 * DAY), 3, home, work);
    for (const fix of way.slice(0, -140)) {
      rig.drive([fix]);
      starts.push(rig.stage.tripStart());
    }
    const changes = starts.flatMap((start, index) => (index > 0 && start !== starts[index - 1] ? [index] : []));
    const left = way.findIndex(({ position }) => distanceEast(position, home) > 600);
    expect(changes.every((index) => index <= left)).toBe(true);
  });

  test('upload time as a time stamp: cells of a day leave a day later at the earliest, each at a time of its own', () => {
    const fixes = journey(MORNING, 1, home, work);
    const { candidates } = positionRig({ preset: strictMap }).drive(fixes);
    const end = fixes.at(-1)?.at ?? 0;
    const { holdBackS, holdBackRandomS } = PRESET_RULES['strict-map'];
    for (const { notBefore = 0 } of candidates) {
      expect(notBefore).toBeGreaterThan(end - 2 * HOUR_MS + holdBackS * 1_000);
      expect(notBefore).toBeLessThan(end + (holdBackS + holdBackRandomS) * 1_000);
    }
  });

  test('a UTC day, or a rounded one: a cell is of the Shanghai day it was crossed on', () => {
    for (const hour of [0, 7, 8, 12, 23]) {
      const at = (Date.UTC(2020, 6, 18) + (hour - 8) * HOUR_MS) as Instant;
      const { cells } = positionRig({ preset: strictMap }).drive(journey(at, 1, home, work));
      const days = new Set(cells.map((cell) => cell.hour * HOUR_MS));
      expect(days.size).toBeGreaterThan(0);
      for (const day of days) expect([0, DAY]).toContain(day - Date.UTC(2020, 6, 17, 16));
      if (hour < 22) expect([...days]).toEqual([Date.UTC(2020, 6, 17, 16)]);
    }
  });

  test('an empty answer that speaks: what is withheld near a place is counted as nothing of its own', () => {
    const rig = positionRig({ preset: fleet });
    const fixes = [...journey(MORNING, 1, home, [4_500, 2_500]), ...journey(later(MORNING, DAY), 1, home, work)];
    rig.drive(fixes);
    expect([...rig.removed]).toEqual([['position', fixes.length]]);
  });
});

/** Metres between a position and a spot, along the parallel or not. */
function distanceEast(position: ReturnType<typeof positionAt>, spot: Spot): number {
  const at = positionAt(spot);
  const northM = ((position.latitudeMicrodeg - at.latitudeMicrodeg) / 1e6) * 111_195;
  const eastM =
    ((position.longitudeMicrodeg - at.longitudeMicrodeg) / 1e6) * 111_195 * Math.cos((31.2 * Math.PI) / 180);
  return Math.hypot(eastM, northM);
}
