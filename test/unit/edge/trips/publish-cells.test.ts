import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TagAt } from '../../../../edge/stages/tag-subject.ts';
import { FLEET, type Margins, publishCells as publishBy } from '../../../../edge/trips/publish-cells.ts';
import type { Trip } from '../../../../edge/trips/trip.ts';
import type { CellFrame } from '../../../../proto/codec/telemetry-codec.ts';
import { cellOf } from '../../../../proto/geo/grid.ts';
import type { SubjectTag } from '../../../../proto/words/subject.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { later, MORNING, TAG } from '../../../support/edge/candidates.ts';
import { fixesOf, type Part } from '../../../support/edge/itinerary.ts';
import { CORNER, positionAt, type Spot } from '../../../support/edge/map.ts';
import { tripsOf } from '../../../support/edge/trips.ts';

const HOUR_MS = 3_600_000;
const NO_MARGIN: Margins = { startM: 0, endM: 0 };
const tagAt = () => TAG;

/** With the same cells everywhere, so that trimming is all there is to see. */
const publishCells = (trip: Trip, margins: Margins, tag: TagAt) =>
  publishBy(trip, margins, tag, { ...FLEET, endCellM: FLEET.cellM });

function driveOf(from: Spot, parts: readonly Part[], at: Instant = MORNING): Trip {
  const [trip, ...more] = tripsOf(fixesOf({ from, at }, parts));
  if (trip === undefined || more.length > 0) throw new Error('the journey is not one trip');
  return trip;
}

/** Cells as columns and rows counted from the corner of the map. */
function cellsOf(frames: readonly CellFrame[]): readonly string[] {
  return [...new Set(frames.map(({ column, row }) => `${column - CORNER.column},${row - CORNER.row}`))];
}

const spot: fc.Arbitrary<Spot> = fc.tuple(fc.integer({ min: 0, max: 40_000 }), fc.integer({ min: 0, max: 40_000 }));
const nameOf = ({ row, column }: { readonly row: number; readonly column: number }): string => `${row}/${column}`;

describe('publishCells', () => {
  test('gives the cells a trip crossed, but for those that lie within trim and margin of its ends', () => {
    const trip = driveOf([500, 2_500], [{ go: [24_500, 2_500] }]);
    expect(cellsOf(publishCells(trip, NO_MARGIN, tagAt))).toEqual(['0,0', '1,0', '2,0', '3,0', '4,0']);
    // Trimmed by 1.2 km alone, 200 m of the first cell are left and 400 m of the last: the margins decide over both.
    const short = driveOf([3_600, 2_500], [{ go: [21_600, 2_500] }]);
    expect(cellsOf(publishCells(short, NO_MARGIN, tagAt))).toEqual(['0,0', '1,0', '2,0', '3,0', '4,0']);
    expect(cellsOf(publishCells(short, { startM: 300, endM: 0 }, tagAt))).toEqual(['1,0', '2,0', '3,0', '4,0']);
    expect(cellsOf(publishCells(short, { startM: 0, endM: 500 }, tagAt))).toEqual(['0,0', '1,0', '2,0', '3,0']);
  });

  test('cells in the blocks where the trip began, ended and was parked are coarse, and no fine one lies in them', () => {
    const rules = FLEET;
    expect([rules.cellM, rules.endCellM]).toEqual([5_000, 10_000]);
    fc.assert(
      fc.property(spot, spot, spot, fc.option(spot, { nil: undefined }), (from, by, to, stood) => {
        const parked = stood === undefined ? {} : { parked: positionAt(stood) };
        const [trip] = tripsOf(fixesOf({ from, at: MORNING }, [{ go: by }, { go: to }, { waitMs: 700_000 }]));
        if (trip === undefined) return;
        const frames = publishBy({ ...trip, ...parked }, { ...NO_MARGIN, parkedM: 0 }, tagAt, rules);
        const ends = [trip.points[0], trip.points.at(-1)].flatMap((end) => (end === undefined ? [] : [end.position]));
        const blocks = [...ends, ...(stood === undefined ? [] : [positionAt(stood)])].map((end) =>
          nameOf(cellOf(end, 10_000)),
        );
        for (const frame of frames) {
          const [row, column] =
            frame.sizeM === 10_000 ? [frame.row, frame.column] : [frame.row / 2, frame.column / 2].map(Math.floor);
          expect(blocks.includes(`${row}/${column}`)).toBe(frame.sizeM === 10_000);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('a loop back past the door is trimmed over the whole trip, not only up to the first exit', () => {
    // The door lies 600 m west of a cell edge; the way leads 15 km west, back past the door to 400 m beyond the edge, and away.
    const door: Spot = [14_400, 2_500];
    const loop = driveOf(door, [
      { go: [500, 2_500] },
      { go: [15_400, 2_500] },
      { go: [500, 2_500] },
      { go: [500, 14_000] },
    ]);
    const cells = cellsOf(publishCells(loop, NO_MARGIN, tagAt));
    expect(cells).toContain('2,0');
    expect(cells).not.toContain('3,0');
    // The same detour 700 m further would be published: the cell is missing for its distance and for nothing else.
    const further = driveOf(door, [
      { go: [500, 2_500] },
      { go: [16_100, 2_500] },
      { go: [500, 2_500] },
      { go: [500, 14_000] },
    ]);
    expect(cellsOf(publishCells(further, NO_MARGIN, tagAt))).toContain('3,0');
  });

  test('the end is trimmed over the whole trip as well', () => {
    const door: Spot = [14_400, 2_500];
    const loop = driveOf(
      [500, 14_000],
      [{ go: [500, 2_500] }, { go: [15_400, 2_500] }, { go: [500, 2_500] }, { go: door }],
    );
    expect(cellsOf(publishCells(loop, NO_MARGIN, tagAt))).not.toContain('3,0');
  });

  test('events are sorted by cell and hour, whatever the way, and there is one for each (cell, hour)', () => {
    const west = driveOf(
      [24_500, 2_500],
      [{ go: [500, 2_500] }, { go: [500, 14_500] }, { go: [24_500, 14_500] }],
      MORNING,
    );
    const frames = publishCells(west, NO_MARGIN, tagAt);
    const keys = frames.map(({ zone, row, column, hour }) => [zone, row, column, hour]);
    const sorted = [...keys].sort((a, b) => a.map((value, index) => value - (b[index] ?? 0)).find((d) => d !== 0) ?? 0);
    expect(keys).toEqual(sorted);
    expect(new Set(keys.map(String)).size).toBe(keys.length);
    expect(keys.length).toBeGreaterThan(10);
  });

  test('a cell seen in two hours is two events, and the hour is floored', () => {
    const start = (Math.floor(MORNING / HOUR_MS) * HOUR_MS + HOUR_MS - 480_000) as Instant;
    const there = driveOf([500, 2_500], [{ go: [14_500, 2_500] }, { go: [500, 3_500] }], start);
    const hours = publishCells(there, NO_MARGIN, tagAt)
      .filter(({ column }) => column === CORNER.column + 1)
      .map(({ hour }) => hour);
    const first = Math.floor(start / HOUR_MS);
    expect(hours).toEqual([first, first + 1]);
  });

  test('jitter of less than 200 m across a cell edge stays in the cell the vehicle came from', () => {
    const zigzag = Array.from(
      { length: 20 },
      (_, step): Part => ({ go: [4_850 + 340 * (step % 2), 2_000 + 140 * step], speedMps: 30 }),
    );
    const along = driveOf([4_000, 200], [...zigzag, { go: [4_000, 4_900] }]);
    expect(cellsOf(publishCells(along, NO_MARGIN, tagAt)).every((cell) => cell.startsWith('0,'))).toBe(true);
    const across = driveOf([4_000, 200], [{ go: [4_850, 5_000] }, { go: [5_250, 9_000] }, { go: [4_000, 24_000] }]);
    expect(cellsOf(publishCells(across, NO_MARGIN, tagAt))).toContain('1,1');
  });

  test('carries the tag of the day the trip began, and nothing but the schema has', () => {
    const asked: Instant[] = [];
    const trip = driveOf([500, 2_500], [{ go: [24_500, 2_500] }]);
    const frames = publishCells(trip, NO_MARGIN, (moment) => {
      asked.push(moment);
      return new Uint8Array(16).fill(9) as SubjectTag;
    });
    expect(asked).toEqual([trip.points[0]?.at]);
    for (const frame of frames) {
      expect(Object.keys(frame).sort()).toEqual(['column', 'hour', 'kind', 'row', 'sizeM', 'subjectTag', 'zone']);
      expect([frame.sizeM, frame.subjectTag[0]]).toEqual([5_000, 9]);
    }
  });

  test.each([
    ['a trip that is not whole', { ...driveOf([500, 2_500], [{ go: [24_500, 2_500] }]), isWhole: false }],
    ['a trip that trimming leaves empty', driveOf([500, 2_500], [{ go: [2_000, 2_500] }])],
    [
      'a round that never goes far from the door',
      driveOf([500, 2_500], [{ go: [1_100, 2_500] }, { go: [1_100, 3_100] }, { go: [500, 2_500] }]),
    ],
    ['a trip without points', { points: [], distanceM: 0, isWhole: true }],
  ])('gives nothing for %s', (_, trip) => {
    expect(publishCells(trip, NO_MARGIN, tagAt)).toEqual([]);
  });

  test('a cell is published in the hour of a point that is far enough, not in the hour of one that is trimmed', () => {
    const start = (Math.floor(MORNING / HOUR_MS) * HOUR_MS) as Instant;
    // 55 minutes on the way, then the last kilometre to the end in the next hour.
    const trip = driveOf(
      [500, 2_500],
      [
        { go: [13_900, 2_500], speedMps: 4.2 },
        { go: [14_800, 2_500], speedMps: 1.6 },
      ],
      later(start, 240_000),
    );
    const hours = new Set(publishCells(trip, NO_MARGIN, tagAt).map(({ hour }) => hour - start / HOUR_MS));
    expect(Math.floor(((trip.points.at(-1)?.at ?? 0) - start) / HOUR_MS)).toBe(1);
    expect(hours).toEqual(new Set([0]));
  });
});
