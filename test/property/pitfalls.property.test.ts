import { describe, expect, test } from 'vitest';
import { groupTrips, RELEASE_VEHICLES_MIN } from '../../cloud/release/group-trips.ts';
import { FLEET } from '../../edge/trips/publish-cells.ts';
import { POSITION_PRESETS, TAG_ROTATIONS } from '../../proto/codec/control-codec.ts';
import type { CellFrame } from '../../proto/codec/telemetry-codec.ts';
import { cellOf } from '../../proto/geo/grid.ts';
import { PRESET_RULES } from '../../proto/words/position-rules.ts';
import { HOUR_MS, type Instant } from '../../proto/words/time.ts';
import { later, MORNING } from '../support/edge/candidates.ts';
import { fixesOf, type Part } from '../support/edge/itinerary.ts';
import { positionAt, type Spot } from '../support/edge/map.ts';
import { positionRig } from '../support/edge/position-rig.ts';
import { seededChance } from '../support/edge/seeded.ts';

// Mistakes that were measured to leak, or are known to (docs/adr/0007, docs/adr/0026). Each test bears the name of one.

const fleet = POSITION_PRESETS.fleet;
const strictMap = POSITION_PRESETS['strict-map'];
const home: Spot = [2_500, 2_500];
const work: Spot = [32_500, 22_500];
const night: Part = { waitMs: 1_200_000, jitterM: [0, 60] };
const DAY = 24 * HOUR_MS;

const keyOf = ({ zone, row, column }: Pick<CellFrame, 'zone' | 'row' | 'column'>): string => `${zone}/${row}/${column}`;

/** Stands at a place, drives by some others, stands. */
function journey(at: Instant, seed: number, ...[from = home, ...spots]: readonly Spot[]) {
  const ways = spots.map((go): Part => ({ go }));
  return fixesOf({ from, at, chance: seededChance(seed) }, [night, ...ways, night]);
}

describe('pitfalls of times, order and counts', () => {
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
    const { cells, rows } = positionRig({
      preset: fleet,
      policy: { position: { ...FLEET, endCellM: FLEET.cellM } },
    }).drive(way);
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

  test('a clock that jumped by years and back: the trip of the wrong years is forgotten, and the next one is published', () => {
    const rig = positionRig({ preset: fleet });
    rig.drive(journey(MORNING, 1, work, home));
    const wrong = fixesOf({ from: home, at: later(MORNING, 3_000 * DAY) }, [{ go: [9_000, 2_500] }]);
    expect(rig.drive(wrong).cells).toEqual([]);
    const { cells, rows } = rig.drive(journey(later(MORNING, DAY), 2, home, work));
    expect([cells.length > 0, rows.length]).toEqual([true, 1]);
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
