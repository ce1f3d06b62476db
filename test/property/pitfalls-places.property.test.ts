import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sqlitePlaces } from '../../edge/adapters/sqlite-places.ts';
import { placeMargins } from '../../edge/adapters/vehicle-secret.ts';
import { reducePosition } from '../../edge/stages/reduce-position.ts';
import { FLEET } from '../../edge/trips/publish-cells.ts';
import { POSITION_PRESETS } from '../../proto/codec/control-codec.ts';
import type { CellFrame } from '../../proto/codec/telemetry-codec.ts';
import { CELL_SIZES_M, cellOf, centreOf, isCell } from '../../proto/geo/grid.ts';
import { parsePosition } from '../../proto/words/position.ts';
import { PRESET_RULES } from '../../proto/words/position-rules.ts';
import { HOUR_MS, type Instant } from '../../proto/words/time.ts';
import { later, MORNING, TAG } from '../support/edge/candidates.ts';
import { openDatabase } from '../support/edge/databases.ts';
import { fixesOf, type Part } from '../support/edge/itinerary.ts';
import { positionAt, type Spot } from '../support/edge/map.ts';
import { policyOf } from '../support/edge/policies.ts';
import { draftsOf, positionRig } from '../support/edge/position-rig.ts';
import { seededChance } from '../support/edge/seeded.ts';
import { tempDirectory } from '../support/edge/temp-directory.ts';
import { parkedAt } from '../support/edge/trips.ts';

// Mistakes that were measured to leak, or are known to (docs/adr/0007, docs/adr/0026). Each test bears the name of one.

const fleet = POSITION_PRESETS.fleet;
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

describe('pitfalls of places and grids', () => {
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
        // Parked 400 m from the next cell; the first fix comes down the road, and the way leads back past the door into that
        // cell, nowhere else and never beyond the trim, and then far away.
        const door: Spot = [5_400, 2_500];
        const arrive = fixesOf({ from: [27_500, -17_500], at: MORNING, chance: seededChance(seed) }, [
          night,
          { go: door },
        ]);
        const leave = fixesOf({ from: [7_500 + lateM / 2, 2_500], at: later(MORNING, DAY) }, [
          { go: [4_700, 2_500] },
          { go: [5_800, 3_200] },
          { go: work },
          night,
        ]);
        const rig = positionRig({ preset: fleet });
        rig.drive(arrive);
        const { cells } = rig.drive(leave);
        const next = keyOf(cellOf(positionAt([4_700, 2_500]), FLEET.cellM));
        expect(leave.some(({ position }) => keyOf(cellOf(position, FLEET.cellM)) === next)).toBe(true);
        expect(cells.length).toBeGreaterThan(0);
        expect(cells.map(keyOf)).not.toContain(next);
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

  test('a lattice for places: one home has one margin, met first from whichever side', () => {
    fc.assert(
      fc.property(fc.tuple(fc.nat(90_000), fc.nat(90_000)), fc.nat(), (door, seed) => {
        const chance = seededChance(seed);
        const places = sqlitePlaces(openDatabase(), () => 1_000 * chance());
        const visits = Array.from({ length: 20 }, () => {
          const [offM, angle] = [195 * chance(), 2 * Math.PI * chance()];
          return places.marginAt(positionAt([door[0] + offM * Math.cos(angle), door[1] + offM * Math.sin(angle)]));
        });
        expect(new Set(visits).size).toBe(1);
      }),
      { numRuns: 20 },
    );
  });

  test('trimming up to the first exit only: a loop back past the door publishes nothing of it', () => {
    const door: Spot = [4_500, 2_500];
    const loop: readonly Spot[] = [
      door,
      [24_000, 2_500],
      [24_000, 4_000],
      [5_300, 4_000],
      [5_300, 2_500],
      [24_000, 2_500],
      [24_000, 22_500],
    ];
    const { cells } = positionRig({ preset: fleet }).drive(journey(MORNING, 1, ...loop));
    const { zone, row, column } = cellOf(positionAt(door), FLEET.cellM);
    expect(cells.map(keyOf)).not.toContain(keyOf({ zone, row, column }));
    expect(cells.length).toBeGreaterThan(0);
  });

  test('sliver cells at the seam of zones: the middle of every cell that comes out lies well inside it', () => {
    const bySeam = fc.record({
      seam: fc.integer({ min: 25, max: 44 }),
      off: fc.integer({ min: -200_000, max: 200_000 }),
    });
    fc.assert(
      fc.property(
        bySeam,
        fc.integer({ min: 18_500_000, max: 53_500_000 }),
        fc.constantFrom(...CELL_SIZES_M),
        ({ seam, off }, latitude, sizeM) => {
          const at = parsePosition(latitude / 1e6, seam * 3 + 1.5 + off / 1e6);
          if (!at.ok) return;
          const cell = cellOf(at.value, sizeM);
          const middle = centreOf(cell);
          const again = parsePosition(middle.latitude, middle.longitude);
          if (again.ok) expect(cellOf(again.value, sizeM)).toEqual(cell);
          expect(isCell(cell)).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ['place memory', { places: { marginAt: () => undefined } }, {}],
    ['fence file', {}, { fenceVersionMin: 1 }],
    ['tag', { cellTagAt: undefined }, {}],
  ])(
    'fail closed per record: without a %s there is no cell, not an untrimmed one, and the row goes on',
    (_, parts, change) => {
      const rules = { ...PRESET_RULES.fleet, cellTag: 'trip' as const };
      const stage = reducePosition({
        policy: policyOf({ preset: fleet, position: rules, ...change }),
        tagAt: () => TAG,
        cellTagAt: () => TAG,
        places: { marginAt: () => 0 },
        trips: parkedAt(positionAt(home)),
        chance: () => 0.5,
        ...parts,
      });
      const kinds = draftsOf(journey(MORNING, 1, home, work)).flatMap((draft) =>
        stage.apply(draft, () => undefined).map((one) => one.kind === 'candidate' && one.content.kind),
      );
      expect(kinds).toEqual(['trip']);
    },
  );
});
