import { BLOCK_M, CITY_REACH_M, type City, onStreets, type PlanePoint, toDegrees } from './city.ts';
import { createPrng, type Prng } from './prng.ts';

/**
 * A fictional sensitive area of a fictional city: stands for whatever an operator would fence, and for no real place.
 * Data for fences: hand the ring to whoever draws them.
 */
export interface SensitiveArea {
  readonly id: string;
  /** Closed ring, decimal degrees, WGS-84, counter-clockwise; the first point is repeated at the end. */
  readonly ring: readonly { readonly latitude: number; readonly longitude: number }[];
  /** The centre in street metres, on a street, so that a vehicle can be sent there. */
  readonly alongM: number;
  readonly acrossM: number;
  /** Nothing of the area lies further from its centre than this, metres. */
  readonly reachM: number;
}

export const SENSITIVE_AREAS = 6;

/** The areas of a seed's city; the same for every vehicle. */
export function sensitiveAreas(seed: string, city: City): readonly SensitiveArea[] {
  return Array.from({ length: SENSITIVE_AREAS }, (_, index) =>
    drawArea(index, city, createPrng(`${seed}/area/${index}`)),
  );
}

function drawArea(index: number, city: City, prng: Prng): SensitiveArea {
  // Each area keeps to its own sector, so that areas lie apart.
  const bearing = ((index + prng.between(0.2, 0.8)) / SENSITIVE_AREAS) * 2 * Math.PI;
  const fromCentreM = prng.between(0.35, 0.75) * CITY_REACH_M;
  const alongM = Math.cos(bearing) * fromCentreM;
  const acrossM = Math.round((Math.sin(bearing) * fromCentreM) / BLOCK_M) * BLOCK_M;
  const radiusM = prng.between(RADIUS_M.least, RADIUS_M.most);
  const corners = Array.from({ length: CORNERS }, (_, corner): PlanePoint => {
    const angle = (corner / CORNERS) * 2 * Math.PI;
    const radius = radiusM * prng.between(1 - UNEVENNESS, 1 + UNEVENNESS);
    return onStreets(city, alongM + Math.cos(angle) * radius, acrossM + Math.sin(angle) * radius);
  });
  const ring = [...corners, ...corners.slice(0, 1)].map((corner) => toDegrees(city, corner));
  return { id: `area-${index + 1}`, ring, alongM, acrossM, reachM: radiusM * (1 + UNEVENNESS) };
}

const CORNERS = 8;
const RADIUS_M = { least: 400, most: 900 } as const;

/** Share by which a corner may lie nearer or further than the radius. */
const UNEVENNESS = 0.25;
