import { type Brand, fail, ok, type Result } from './result.ts';

/** Millionths of a degree: the integer unit of GB/T 32960.3 location data. */
export type Microdeg = Brand<number, 'Microdeg'>;

/** A precise fix. It has no route off the vehicle; see `GridCell`. */
export interface Wgs84Position {
  readonly datum: 'WGS-84';
  readonly latitudeMicrodeg: Microdeg;
  readonly longitudeMicrodeg: Microdeg;
}

/**
 * A cell of the metric grid in CGCS2000 Gauss-Krüger, 3-degree zones (GB/T 13989 style numbering 24..45).
 * The only position an uplink frame can hold. `row` and `column` count whole cells from the zone's false origin.
 */
export interface GridCell {
  readonly datum: 'CGCS2000/grid';
  /** Edge of the cell in metres. */
  readonly sizeM: number;
  /** 3-degree zone number; its central meridian is 3 x zone degrees east. */
  readonly zone: number;
  readonly row: number;
  readonly column: number;
}

export type PositionFault =
  | { readonly code: 'POSITION_NOT_A_NUMBER' }
  | { readonly code: 'POSITION_SWAPPED' }
  | { readonly code: 'POSITION_OUTSIDE_MAINLAND' };

/**
 * Parses a fix in decimal degrees, WGS-84.
 *
 * The bounds are a rectangle round the mainland, not its boundary: they catch swapped axes, zeros and foreign fixes, and
 * they draw nothing. A pair that would fit with its axes exchanged is reported as swapped and never repaired.
 *
 * @param latitude - degrees north
 * @param longitude - degrees east
 */
export function parsePosition(latitude: number, longitude: number): Result<Wgs84Position, PositionFault> {
  if (!Number.isFinite(latitude) || !Number.isFinite(longitude)) return fail({ code: 'POSITION_NOT_A_NUMBER' });
  if (isInBounds(latitude, longitude)) {
    return ok({ datum: 'WGS-84', latitudeMicrodeg: microdeg(latitude), longitudeMicrodeg: microdeg(longitude) });
  }
  return fail({ code: isInBounds(longitude, latitude) ? 'POSITION_SWAPPED' : 'POSITION_OUTSIDE_MAINLAND' });
}

export function degreesOf(value: Microdeg): number {
  return value / 1e6;
}

function isInBounds(latitude: number, longitude: number): boolean {
  return (
    latitude >= BOUNDS_DEG.south &&
    latitude <= BOUNDS_DEG.north &&
    longitude >= BOUNDS_DEG.west &&
    longitude <= BOUNDS_DEG.east
  );
}

function microdeg(degrees: number): Microdeg {
  return Math.round(degrees * 1e6) as Microdeg;
}

/** Extreme points of the mainland, rounded outwards to half a degree; see docs/adr/0007. */
const BOUNDS_DEG = { south: 18, north: 54, west: 73, east: 135.5 } as const;
