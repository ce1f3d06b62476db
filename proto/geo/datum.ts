import proj4 from 'proj4';
import { degreesOf, type Wgs84Position } from '../words/position.ts';

/** Plane coordinates in one 3-degree Gauss-Krüger zone of CGCS2000, metres; easting carries the false 500 000. */
export interface GaussKrueger {
  readonly zone: number;
  readonly eastingM: number;
  readonly northingM: number;
}

/** 3-degree zones whose strips touch the mainland. */
export const ZONE_MIN = 24;
export const ZONE_MAX = 45;

export const FALSE_EASTING_M = 500_000;

/** Half the width of a zone. */
export const ZONE_HALF_WIDTH_DEG = 1.5;

/**
 * Projects a fix into the zone it lies in.
 *
 * WGS-84 and CGCS2000 are taken as one here: they differ by centimetres to decimetres, which is far below any cell
 * (docs/adr/0007). The result is as precise as the fix and stays on the vehicle.
 *
 * @param zone - project into this zone instead, for distances across a seam
 * @returns easting and northing in metres; a fix on a seam belongs to the eastern zone
 */
export function toGaussKrueger(fix: Wgs84Position, zone = zoneOf(fix)): GaussKrueger {
  const longitude = degreesOf(fix.longitudeMicrodeg);
  const [eastingM, northingM] = projection(zone).forward([longitude, degreesOf(fix.latitudeMicrodeg)]);
  return { zone, eastingM, northingM };
}

function zoneOf(fix: Wgs84Position): number {
  return Math.floor((degreesOf(fix.longitudeMicrodeg) + ZONE_HALF_WIDTH_DEG) / 3);
}

/** Degrees of a plane point, WGS-84; for the centre of a cell, never for a fix. */
export function toDegrees(point: GaussKrueger): { readonly latitude: number; readonly longitude: number } {
  const [longitude, latitude] = projection(point.zone).inverse([point.eastingM, point.northingM]);
  return { latitude, longitude };
}

/** Distance from the central meridian to the zone's edge at a northing, metres. */
export function zoneHalfWidthM(zone: number, northingM: number): number {
  const { latitude } = toDegrees({ zone, eastingM: FALSE_EASTING_M, northingM });
  const [eastingM] = projection(zone).forward([zone * 3 + ZONE_HALF_WIDTH_DEG, latitude]);
  return eastingM - FALSE_EASTING_M;
}

type Coordinates = [number, number];

interface Projection {
  readonly forward: (lonLat: Coordinates) => Coordinates;
  readonly inverse: (eastNorth: Coordinates) => Coordinates;
}

const projections = new Map<number, Projection>();

/** One converter a zone, kept: making one costs more than a thousand conversions. */
function projection(zone: number): Projection {
  const known = projections.get(zone);
  if (known !== undefined) return known;
  const definition = `+proj=tmerc +lat_0=0 +lon_0=${zone * 3} +k=1 +x_0=${FALSE_EASTING_M} +y_0=0 +ellps=GRS80 +units=m +no_defs`;
  const made = proj4('EPSG:4326', definition) as Projection;
  projections.set(zone, made);
  return made;
}
