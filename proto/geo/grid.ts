import type { GridCell, Wgs84Position } from '../words/position.ts';
import { assert } from '../words/result.ts';
import {
  FALSE_EASTING_M,
  toDegrees,
  toGaussKrueger,
  ZONE_HALF_WIDTH_DEG,
  ZONE_MAX,
  ZONE_MIN,
  zoneHalfWidthM,
} from './datum.ts';

/**
 * Cell sizes that may be published, metres. They nest, so that a fix seen under two sizes tells no more than under the
 * finer one. 1 km is absent on purpose: at 1 km, 95 % of homes stay within 1 km of the guess (docs/adr/0007).
 */
export const CELL_SIZES_M: readonly number[] = [5_000, 10_000];

/** The same with the size of precise tracking, which only a bundle that says so in words is given (docs/adr/0026). */
export const UNSAFE_CELL_SIZES_M: readonly number[] = [1_000, ...CELL_SIZES_M];

/**
 * The grid cell that holds a fix.
 *
 * Every fix in a cell gives the same cell, so a reader learns the cell and nothing finer. The scale of a 3-degree zone
 * departs from 1 by at most 3.5e-4, so cells have equal areas to 0.1 %, but for those along a zone's seam: what is left
 * between the last whole cell and the seam is joined to that cell, so no sliver exists and the largest cell is below
 * twice the nominal area.
 *
 * This is data minimisation. It lowers no legal class (GEO-4): the cell is still geographic data.
 *
 * @param fix - precise fix, WGS-84
 * @param sizeM - edge in metres, one of `UNSAFE_CELL_SIZES_M`
 * @throws if `sizeM` is not such a size, which is a bug here; the agent then drops the trip
 * @see docs/adr/0007-metric-grid.md
 */
export function cellOf(fix: Wgs84Position, sizeM: number): GridCell {
  assert(UNSAFE_CELL_SIZES_M.includes(sizeM), 'a cell has a size that may be published');
  const { zone, eastingM, northingM } = toGaussKrueger(fix);
  const row = Math.floor(northingM / sizeM);
  const { first, last } = wholeColumns(zone, row, sizeM);
  const column = Math.min(last, Math.max(first, Math.floor(eastingM / sizeM)));
  return { datum: 'CGCS2000/grid', sizeM, zone, row, column };
}

/**
 * Whether a claimed cell is one that `cellOf` could have given; the cloud asks this of every frame.
 *
 * @param sizesM - `UNSAFE_CELL_SIZES_M` only for a vehicle whose bundle was given them
 */
export function isCell(cell: Omit<GridCell, 'datum'>, sizesM = CELL_SIZES_M): boolean {
  // A fraction of a row would be a finer position, and NaN would pass every comparison below.
  if (![cell.zone, cell.row, cell.column].every(Number.isInteger)) return false;
  if (!sizesM.includes(cell.sizeM) || cell.zone < ZONE_MIN || cell.zone > ZONE_MAX) return false;
  if (cell.row < Math.floor(NORTHING_MIN_M / cell.sizeM) || cell.row > Math.floor(NORTHING_MAX_M / cell.sizeM))
    return false;
  const { first, last } = wholeColumns(cell.zone, cell.row, cell.sizeM);
  return cell.column >= first && cell.column <= last;
}

/** Centre of a cell in degrees, WGS-84; for displays and for the attacks that measure what a cell gives away. */
export function centreOf(cell: GridCell): { readonly latitude: number; readonly longitude: number } {
  return toDegrees({
    zone: cell.zone,
    eastingM: (cell.column + 0.5) * cell.sizeM,
    northingM: (cell.row + 0.5) * cell.sizeM,
  });
}

/** A rectangle of degrees, WGS-84. */
export interface DegreeBounds {
  readonly south: number;
  readonly west: number;
  readonly north: number;
  readonly east: number;
}

/** A rectangle that holds all of a cell, with what a seam joined to it; somewhat larger than the cell. */
export function boundsOf({ sizeM, zone, row, column }: Omit<GridCell, 'datum'>): DegreeBounds {
  const { first, last } = wholeColumns(zone, row, sizeM);
  const corners = [column, column + 1].flatMap((east) =>
    [row, row + 1].map((north) => toDegrees({ zone, eastingM: east * sizeM, northingM: north * sizeM })),
  );
  const latitudes = corners.map(({ latitude }) => latitude);
  const longitudes = corners.map(({ longitude }) => longitude);
  if (column === first) longitudes.push(zone * 3 - ZONE_HALF_WIDTH_DEG);
  if (column === last) longitudes.push(zone * 3 + ZONE_HALF_WIDTH_DEG);
  return {
    south: Math.min(...latitudes) - EDGE_BULGE_DEG,
    west: Math.min(...longitudes),
    north: Math.max(...latitudes) + EDGE_BULGE_DEG,
    east: Math.max(...longitudes),
  };
}

/** The edges of a cell, and of the two that a seam joins, bend by less than this between their corners. */
const EDGE_BULGE_DEG = 0.003;

/** How far a fix lies outside a cell, metres; 0 inside it, and inside what a seam joined to it. */
export function metresOutside(cell: GridCell, fix: Wgs84Position): number {
  const own = cellOf(fix, cell.sizeM);
  if (own.zone === cell.zone && own.row === cell.row && own.column === cell.column) return 0;
  const { eastingM, northingM } = toGaussKrueger(fix, cell.zone);
  return (
    Math.hypot(outside(eastingM / cell.sizeM, cell.column), outside(northingM / cell.sizeM, cell.row)) * cell.sizeM
  );
}

/** Distance of a coordinate, in cells, from the interval [index, index + 1]. */
const outside = (coordinate: number, index: number): number => Math.max(0, index - coordinate, coordinate - index - 1);

interface Columns {
  readonly first: number;
  readonly last: number;
}

const columnsByRow = new Map<number, Columns>();

/** First and last column that lie whole within the zone over the height of the row. */
function wholeColumns(zone: number, row: number, sizeM: number): Columns {
  // The half width is the same in every zone, so one entry a row and size serves them all.
  const key = row * 1_000_000 + sizeM;
  const known = columnsByRow.get(key);
  if (known !== undefined) return known;
  const halfWidthM = zoneHalfWidthM(zone, (row + 1) * sizeM + MERIDIAN_BULGE_M);
  const made = {
    first: Math.ceil((FALSE_EASTING_M - halfWidthM) / sizeM),
    last: Math.floor((FALSE_EASTING_M + halfWidthM) / sizeM) - 1,
  };
  if (columnsByRow.size < ROWS_REMEMBERED_MAX) columnsByRow.set(key, made);
  return made;
}

/** A parallel runs at most this much further north at the seam than at the central meridian (2.1 km at 45 degrees). */
const MERIDIAN_BULGE_M = 2_500;

/** Northings of 18 and 54 degrees north, rounded outwards. */
const NORTHING_MIN_M = 1_985_000;
const NORTHING_MAX_M = 5_995_000;

/** All rows of the three sizes over the mainland are 5 215. */
const ROWS_REMEMBERED_MAX = 6_000;
