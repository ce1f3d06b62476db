import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toGaussKrueger } from '../../../../proto/geo/datum.ts';
import { CELL_SIZES_M, cellOf, centreOf, isCell } from '../../../../proto/geo/grid.ts';
import { parsePosition, type Wgs84Position } from '../../../../proto/words/position.ts';

function at(latitude: number, longitude: number): Wgs84Position {
  const parsed = parsePosition(latitude, longitude);
  if (!parsed.ok) throw new Error(parsed.fault.code);
  return parsed.value;
}

const fix = fc
  .tuple(fc.double({ min: 18.2, max: 53.8, noNaN: true }), fc.double({ min: 73.2, max: 135.2, noNaN: true }))
  .map(([latitude, longitude]) => at(latitude, longitude));
const size = fc.constantFrom(...CELL_SIZES_M);

describe('grid', () => {
  test('projects a known point', () => {
    // 40 N on the central meridian of zone 39: easting is the false easting, northing the GRS80 meridian arc (4 429 529.03 m).
    const point = toGaussKrueger(at(40, 117));
    expect(point.zone).toBe(39);
    expect(point.eastingM).toBeCloseTo(500_000, 3);
    expect(point.northingM).toBeCloseTo(4_429_529.03, 1);
  });

  test('every cell that a fix can have is a cell', () => {
    fc.assert(
      fc.property(fix, size, (position, sizeM) => isCell(cellOf(position, sizeM))),
      { numRuns: 5_000 },
    );
  });

  test('the centre of a cell lies in that cell', () => {
    fc.assert(
      fc.property(fix, size, (position, sizeM) => {
        const cell = cellOf(position, sizeM);
        const { latitude, longitude } = centreOf(cell);
        expect(cellOf(at(latitude, longitude), sizeM)).toEqual(cell);
      }),
      { numRuns: 5_000 },
    );
  });

  test('no cell is a sliver: along a seam every column is at least one whole cell wide', () => {
    for (const latitude of [18.5, 25, 31.27, 39.9, 45, 53.5]) {
      for (const seam of [100.5, 115.5, 118.5]) {
        for (const sizeM of CELL_SIZES_M) {
          const spans = new Map<string, { min: number; max: number }>();
          for (let longitude = seam - 0.4; longitude < seam + 0.4; longitude += 0.0005) {
            const { zone, column, row } = cellOf(at(latitude, longitude), sizeM);
            const key = `${zone}/${row}/${column}`;
            const { eastingM } = toGaussKrueger(at(latitude, longitude));
            const span = spans.get(key) ?? { min: eastingM, max: eastingM };
            spans.set(key, { min: Math.min(span.min, eastingM), max: Math.max(span.max, eastingM) });
          }
          const widths = [...spans.values()].map(({ min, max }) => max - min);
          const inner = widths.slice(2, -2).filter((width) => width < sizeM * 0.97);
          // A parallel climbs across rows near a seam, so one cell may be cut by a row's edge; a column never is.
          expect(inner.length).toBeLessThanOrEqual(1);
          expect(Math.max(...widths)).toBeLessThan(2 * sizeM);
        }
      }
    }
  });

  test('sizes nest: two fixes in one small cell are in one large cell, but for joined cells at a seam', () => {
    const small = cellOf(at(31.2, 120.3), 5_000);
    const large = cellOf(at(31.2, 120.3), 10_000);
    expect([Math.floor(small.row / 2), Math.floor(small.column / 2)]).toEqual([large.row, large.column]);
  });

  test.each([
    ['1 km', { sizeM: 1_000, zone: 40, row: 3460, column: 480 }],
    ['a foreign zone', { sizeM: 5_000, zone: 23, row: 692, column: 96 }],
    ['a row at the equator', { sizeM: 5_000, zone: 40, row: 1, column: 96 }],
    ['a column beyond the seam', { sizeM: 5_000, zone: 40, row: 692, column: 140 }],
  ])('refuses %s', (_, cell) => {
    expect(isCell(cell)).toBe(false);
  });

  test('throws on a size that may not be published', () => {
    expect(() => cellOf(at(31, 120), 2_000)).toThrow('size');
  });
});
