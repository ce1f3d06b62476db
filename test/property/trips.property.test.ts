import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FLEET, publishCells } from '../../edge/trips/publish-cells.ts';
import { DWELL_MS, STOP_MS, type TripPoint } from '../../edge/trips/trip.ts';
import type { CellFrame } from '../../proto/codec/telemetry-codec.ts';
import { distanceM } from '../../proto/geo/distance.ts';
import { cellOf, isCell } from '../../proto/geo/grid.ts';
import { MORNING, TAG } from '../support/edge/candidates.ts';
import { fixesOf, type Part } from '../support/edge/itinerary.ts';
import { CORNER, positionAt, type Spot } from '../support/edge/map.ts';
import { seededChance } from '../support/edge/seeded.ts';
import { tripsOf } from '../support/edge/trips.ts';

const metres = fc.integer({ min: 0, max: 20_000 });
const spot: fc.Arbitrary<Spot> = fc.tuple(metres, metres);
const speedMps = fc.integer({ min: 8, max: 35 });
const margin = fc.integer({ min: 0, max: 999 });

/** One drive between two stops, in words that a failing run can print; some drives lead back past the door. */
interface Plan {
  readonly from: Spot;
  readonly to: Spot;
  readonly by: readonly Spot[];
  readonly isPastTheDoor: boolean;
  readonly speedMps: number;
  readonly intervalMs: number;
  /** Stands so long on the way, before the spot of this number. */
  readonly waitMs: number;
  readonly waitBefore: number;
  readonly jitterM: number;
  readonly seed: number;
}

const plan: fc.Arbitrary<Plan> = fc.record({
  from: spot,
  to: spot,
  by: fc.array(spot, { maxLength: 3 }),
  isPastTheDoor: fc.boolean(),
  speedMps,
  intervalMs: fc.constantFrom(5_000, 10_000, 30_000),
  waitMs: fc.integer({ min: 0, max: DWELL_MS + 60_000 }),
  waitBefore: fc.nat({ max: 3 }),
  jitterM: fc.integer({ min: 0, max: 20 }),
  seed: fc.nat(),
});

function drive({
  from,
  to,
  by,
  isPastTheDoor,
  speedMps: speed,
  intervalMs,
  waitMs,
  waitBefore,
  jitterM,
  seed,
}: Plan): readonly TripPoint[] {
  const jitter: readonly [number, number] = [0, jitterM];
  const spots = [...by, ...(isPastTheDoor ? [from] : []), to];
  const parts = spots.flatMap((go, index): readonly Part[] => {
    const way: Part = { go, speedMps: speed };
    return index === waitBefore && index > 0 ? [{ waitMs, jitterM: jitter }, way] : [way];
  });
  const stand: Part = { waitMs: STOP_MS + 120_000, jitterM: jitter };
  return fixesOf({ from, at: MORNING, intervalMs, chance: seededChance(seed) }, [...parts, stand]);
}

const keyOf = ({ zone, row, column }: Pick<CellFrame, 'zone' | 'row' | 'column'>): string => `${zone}/${row}/${column}`;

/** The same cells everywhere, so that trimming is all there is to see. */
const EVEN = { ...FLEET, endCellM: FLEET.cellM };

/** A margin of error for the jitter of both ends, and for a sphere against a plane. */
const SLACK_M = 45;

describe('over random drives', () => {
  test('every published cell holds a fix that lies farther than trim and margin from both true ends', () => {
    let cells = 0;
    fc.assert(
      fc.property(plan, margin, margin, (planned, startM, endM) => {
        const fixes = drive(planned);
        const [start, end] = [positionAt(planned.from), positionAt(planned.to)];
        const far = fixes.filter(
          ({ position }) =>
            distanceM(start, position) > FLEET.trimM + startM - SLACK_M &&
            distanceM(end, position) > FLEET.trimM + endM - SLACK_M,
        );
        const seen = new Set(far.map(({ position }) => keyOf(cellOf(position, FLEET.cellM))));
        const trips = tripsOf(fixes);
        expect(trips.length).toBeLessThanOrEqual(1);
        for (const trip of trips) {
          for (const cell of publishCells(trip, { startM, endM }, () => TAG, EVEN)) {
            cells += 1;
            expect(seen.has(keyOf(cell))).toBe(true);
          }
        }
      }),
      { numRuns: 150 },
    );
    expect(cells).toBeGreaterThan(500);
  });

  test('a cell entered only within trim and margin of an end is never published, from whichever side the vehicle came', () => {
    const near = fc.record({
      beyondM: fc.integer({ min: 100, max: 1_500 }),
      doorM: fc.integer({ min: 0, max: 1_500 }),
      byEastM: fc.integer({ min: 0, max: 3_000 }),
      isStart: fc.boolean(),
      speedMps,
      intervalMs: fc.constantFrom(5_000, 10_000, 30_000),
      marginM: margin,
    });
    let published = 0;
    fc.assert(
      fc.property(near, ({ beyondM, doorM, byEastM, isStart, speedMps: speed, intervalMs, marginM }) => {
        const door: Spot = [5_000 + doorM, 2_500];
        const spots: readonly Spot[] = [
          [24_000, 2_500],
          [5_000 - beyondM, 2_500],
          [5_000 + doorM + byEastM, 2_500],
          door,
        ];
        const [from = door, ...way] = isStart ? [...spots].reverse() : spots;
        const parts = way.map((go): Part => ({ go, speedMps: speed }));
        const fixes = fixesOf({ from, at: MORNING, intervalMs }, [...parts, { waitMs: STOP_MS + 120_000 }]);
        const [trip] = tripsOf(fixes);
        const margins = isStart ? { startM: marginM, endM: 0 } : { startM: 0, endM: marginM };
        const cells = trip === undefined ? [] : publishCells(trip, margins, () => TAG, EVEN);
        const isWestPublished = cells.some(({ column }) => column === CORNER.column);
        published += isWestPublished ? 1 : 0;
        if (beyondM + doorM < FLEET.trimM + marginM - SLACK_M) expect(isWestPublished).toBe(false);
      }),
      { numRuns: 250 },
    );
    expect(published).toBeGreaterThan(20);
  });

  test('events are cells of the grid, sorted by cell, one for each (cell, hour), in the hours of the drive', () => {
    fc.assert(
      fc.property(plan, (planned) => {
        for (const trip of tripsOf(drive(planned))) {
          const frames = publishCells(trip, { startM: 0, endM: 0 }, () => TAG, EVEN);
          const order = frames.map(
            ({ zone, row, column, hour }) => ((zone * 10_000 + row) * 10_000 + column) * 1e6 + (hour - 440_000),
          );
          expect(order.every((value, index) => index === 0 || value > (order[index - 1] ?? 0))).toBe(true);
          const hours = trip.points.map(({ at }) => Math.floor(at / 3_600_000));
          for (const frame of frames) {
            expect(isCell(frame)).toBe(true);
            expect(frame.sizeM).toBe(5_000);
            expect(hours).toContain(frame.hour);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  test('jitter of up to 200 m at one place makes no trip, at any interval', () => {
    const parked = fc.record({
      at: spot,
      interval: fc.integer({ min: 1_000, max: 120_000 }),
      most: fc.integer({ min: 0, max: 199 }),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(parked, ({ at, interval, most, seed }) => {
        const wait: Part = { waitMs: interval * 300, jitterM: [0, most] };
        expect(
          tripsOf(fixesOf({ from: at, at: MORNING, intervalMs: interval, chance: seededChance(seed) }, [wait])),
        ).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
